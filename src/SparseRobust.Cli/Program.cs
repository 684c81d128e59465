using System.CommandLine;
using SparseRobust.Cli;

var root = new RootCommand("SparseRobust: make BERT-family models sparse and robust at once.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    PresetsCommand.Create(),
    DataCommand.Create(),
    CorpusCommand.Create(),
    ImportModelCommand.Create(),
    BiasCommand.Create(),
    BaselineCommand.Create(),
    VocabularyCommand.Create(),
    BenchCommand.Create(),
};
var parsed = root.Parse(args);
// Ctrl-C is ours: it asks the trainer for a checkpoint, however long the current step takes.
var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
return parsed.Errors.Count > 0 ? ExitCode.Usage : exitCode;

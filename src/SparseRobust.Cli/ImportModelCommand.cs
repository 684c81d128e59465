using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Cli;

/// <summary>import-model: puts a pre-trained model from a folder or an archive where recipes find it by name. From a hub, servers import; the command line asks no network.</summary>
internal static class ImportModelCommand
{
    private const long MostBytes = 8L << 30;

    public static Command Create()
    {
        var folder = new Option<string?>("--folder") { Description = "Folder of a model in Hugging Face's layout." };
        var archive = new Option<string?>("--archive") { Description = "A .zip, .tar or .tar.gz of one." };
        var name = new Option<string>("--name") { Description = "What the model will be called: letters, digits, dots, underscores, hyphens.", Required = true };
        var root = SharedOptions.Out();
        var json = SharedOptions.Json();
        var command = new Command("import-model", "Import a pre-trained model, checked, into the output folder.") { folder, archive, name, root, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(folder) is null == result.GetValue(archive) is null)
                result.AddError("Give either --folder DIR or --archive FILE.");
            if (result.GetValue(name) is { } given && !PretrainedStore.IsName(given))
                result.AddError($"--name: \"{given}\" is no name of a model: 1 to 96 letters, digits, dots, underscores and hyphens, beginning with a letter or digit.");
        });
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var model = Import(new PretrainedStore(parse.GetValue(root)!), parse.GetValue(name)!, parse.GetValue(folder), parse.GetValue(archive), cancellation);
            Console.WriteLine(parse.GetValue(json)
                ? JsonSerializer.Serialize(model, JsonLines.Options)
                : string.Create(CultureInfo.InvariantCulture, $"{model.Name}: {model.Model.Shape}, {model.Model.Parameters:N0} parameters, {model.Model.VocabularySize:N0} words, {model.Files.Count} files, {model.Size:N0} bytes"));
        }));
        return command;
    }

    private static ImportedModel Import(PretrainedStore store, string name, string? folder, string? archive, CancellationToken cancellation)
    {
        var work = Directory.CreateDirectory(store.WorkFolder($".cli-{Guid.NewGuid():N}")).FullName;
        try
        {
            var files = folder is not null ? Copy(folder, work, cancellation) : ModelArchive.Extract(archive!, work, MostBytes, cancellation);
            ModelSource source = folder is not null
                ? new FolderSource { Path = Path.GetFullPath(folder) }
                : new ArchiveSource { File = Path.GetFileName(archive), Sha256 = ContentHash.OfFile(archive!) };
            var model = new ImportedModel
            {
                Name = name, Source = source, Model = ModelDescription.Inspect(work),
                Files = [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)], ImportedAt = TimeProvider.System.GetUtcNow(),
            };
            return store.Publish(work, model) is var there && there.Holds(files) ? there
                : throw new LabException(ProblemCode.ModelInvalid, $"{name} is the name of another model in {store.Folder}. Choose another name, or delete that model's folder first.");
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    private static List<ImportedFile> Copy(string folder, string target, CancellationToken cancellation)
    {
        var names = ModelFiles.Choose(Directory.GetFiles(folder).Select(path => Path.GetFileName(path)));
        DurableFile.RequireFreeSpace(target, names.Sum(name => new FileInfo(Path.Combine(folder, name)).Length), "the model's files");
        return [.. names.Select(name =>
        {
            using var content = File.OpenRead(Path.Combine(folder, name));
            return ModelFiles.Receive(content, target, name, ModelFiles.LimitOf(name, MostBytes), cancellation);
        })];
    }
}

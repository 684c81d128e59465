using System.Text.RegularExpressions;

namespace SparseRobust.Web.Hosting;

/// <summary>Reads the little Markdown that our guide is written in: paragraphs, lists, tables, **strong** and `code`. Everything else is plain text.</summary>
internal static partial class GuideReader
{
    public static IReadOnlyList<GuideBlock> Blocks(IEnumerable<string> lines)
    {
        var blocks = new List<GuideBlock>();
        var group = new List<string>();
        foreach (var line in lines.Append(""))
        {
            if (line.Trim().Length > 0)
            {
                group.Add(line);
            }
            else if (group.Count > 0)
            {
                blocks.Add(Block(group));
                group = [];
            }
        }
        return blocks;
    }

    public static IReadOnlyList<GuideText> Text(string text)
    {
        var parts = new List<GuideText>();
        var end = 0;
        foreach (Match match in Styled().Matches(text))
        {
            if (match.Index > end)
                parts.Add(new GuideText(GuideStyle.Plain, text[end..match.Index]));
            parts.Add(match.Groups["code"].Success ? new GuideText(GuideStyle.Code, match.Groups["code"].Value) : new GuideText(GuideStyle.Strong, match.Groups["strong"].Value));
            end = match.Index + match.Length;
        }
        if (end < text.Length)
            parts.Add(new GuideText(GuideStyle.Plain, text[end..]));
        return parts;
    }

    private static GuideBlock Block(List<string> lines) => lines[0] switch
    {
        ['-', ' ', ..] => new GuideList([.. Items(lines).Select(Text)]),
        ['|', ..] when lines.Count > 1 => new GuideTable(Cells(lines[0]), [.. lines.Skip(2).Select(Cells)]),
        _ => new GuideParagraph(Text(string.Join(' ', lines.Select(line => line.Trim())))),
    };

    // A line that does not begin an item goes on with the one before.
    private static List<string> Items(List<string> lines)
    {
        var items = new List<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith("- ", StringComparison.Ordinal))
                items.Add(line[2..].Trim());
            else
                items[^1] += " " + line.Trim();
        }
        return items;
    }

    private static IReadOnlyList<IReadOnlyList<GuideText>> Cells(string row) => [.. row.Trim().Trim('|').Split('|').Select(cell => Text(cell.Trim()))];

    [GeneratedRegex(@"`(?<code>[^`]+)`|\*\*(?<strong>[^*]+)\*\*")]
    private static partial Regex Styled();
}

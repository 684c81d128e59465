namespace SparseRobust.Web.Hosting;

/// <summary>A piece of a guide.</summary>
public abstract record GuideBlock;

/// <summary>Running text.</summary>
public sealed record GuideParagraph(IReadOnlyList<GuideText> Text) : GuideBlock;

/// <summary>A list without order.</summary>
public sealed record GuideList(IReadOnlyList<IReadOnlyList<GuideText>> Items) : GuideBlock;

/// <summary>A table with a heading row.</summary>
public sealed record GuideTable(IReadOnlyList<IReadOnlyList<GuideText>> Head, IReadOnlyList<IReadOnlyList<IReadOnlyList<GuideText>>> Rows) : GuideBlock;

/// <summary>Text in one style; never markup.</summary>
public sealed record GuideText(GuideStyle Style, string Text);

public enum GuideStyle
{
    Plain,
    Strong,
    Code,
}

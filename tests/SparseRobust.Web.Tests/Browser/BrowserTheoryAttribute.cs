namespace SparseRobust.Web.Tests.Browser;

/// <summary>As <see cref="BrowserFactAttribute"/>, for a theory.</summary>
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = BrowserFactAttribute.Reason;
}

namespace SparseRobust.Web.Hosting;

/// <summary>The codes that an address can fail with beside those that every address can, for the description of the interface.</summary>
internal sealed record EndpointProblems(IReadOnlyList<string> Codes);

internal static class EndpointProblemsConvention
{
    /// <summary>Names the codes of <see cref="ProblemMap"/>; each is described under its status.</summary>
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder route, params string[] codes) => route.WithMetadata(new EndpointProblems(codes));
}

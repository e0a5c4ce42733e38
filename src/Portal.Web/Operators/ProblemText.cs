using Microsoft.Extensions.Localization;

namespace Portal.Web.Operators;

internal static class ProblemText
{
    /// <summary>The sentence for the first problem of a field; null when there is none.</summary>
    public static string? Of(this IStringLocalizer texts, IReadOnlyList<Problem> problems, string field) =>
        problems.FirstOrDefault(p => p.Field == field) is { } problem ? texts["Problem_" + problem.Code, problem.Values].Value : null;
}

using Microsoft.Extensions.Localization;

namespace Portal.Web.SignIn;

internal static class SignInWords
{
    /// <summary>What is wrong with one field, null when nothing is; an empty field means the whole form.</summary>
    public static string? Error(this IStringLocalizer<SignInText> texts, IEnumerable<Problem> problems, string field) =>
        problems.FirstOrDefault(p => p.Field == field) is { } problem ? texts["Problem_" + problem.Code, problem.Values].Value : null;
}

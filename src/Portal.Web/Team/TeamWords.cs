using Microsoft.Extensions.Localization;
using Portal.Tenants;

namespace Portal.Web.Team;

internal static class TeamWords
{
    /// <summary>What is wrong with one field, null when nothing is; an empty field means the whole form.</summary>
    public static string? Error(this IStringLocalizer<TeamText> texts, IEnumerable<Problem> problems, string field) =>
        problems.FirstOrDefault(p => p.Field == field) is { } problem ? texts["Problem_" + problem.Code, problem.Values].Value : null;

    /// <summary>The roles that a member may give: none above their own, the highest first.</summary>
    public static IEnumerable<MemberRole> RolesUpTo(MemberRole own) => Enum.GetValues<MemberRole>().Where(r => r <= own).OrderDescending();
}

namespace Portal.Web.Team;

/// <summary>Names the texts of a tenant's people: <c>TeamText.resx</c>, <c>TeamText.zh-Hans.resx</c>.</summary>
public sealed class TeamText;

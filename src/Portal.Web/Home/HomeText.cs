namespace Portal.Web.Home;

/// <summary>Names the texts of a tenant's first page: <c>HomeText.resx</c>, <c>HomeText.zh-Hans.resx</c>.</summary>
public sealed class HomeText;

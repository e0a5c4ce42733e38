namespace Portal.Web.Campaigns;

/// <summary>Names the texts of campaigns and of the first page: <c>CampaignsText.resx</c>, <c>CampaignsText.zh-Hans.resx</c>.</summary>
public sealed class CampaignsText;

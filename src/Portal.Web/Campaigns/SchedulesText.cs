namespace Portal.Web.Campaigns;

/// <summary>Names the texts of schedules and of missed campaigns: <c>SchedulesText.resx</c>, <c>SchedulesText.zh-Hans.resx</c>.</summary>
public sealed class SchedulesText;

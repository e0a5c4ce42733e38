namespace Portal.Web.Settings;

/// <summary>Names the texts of a tenant's settings: <c>SettingsText.resx</c>, <c>SettingsText.zh-Hans.resx</c>.</summary>
public sealed class SettingsText;

namespace Portal.Web.Contacts;

/// <summary>Names the names of countries and regions by their two letters: <c>CountriesText.resx</c>, <c>CountriesText.zh-Hans.resx</c>.</summary>
public sealed class CountriesText;

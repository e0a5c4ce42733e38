namespace Portal.Web.Contacts;

/// <summary>Names the texts of contacts: <c>ContactsText.resx</c>, <c>ContactsText.zh-Hans.resx</c>.</summary>
public sealed class ContactsText;

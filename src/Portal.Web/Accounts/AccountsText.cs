namespace Portal.Web.Accounts;

/// <summary>Names the texts of the accounts' pages: <c>AccountsText.resx</c>, <c>AccountsText.zh-Hans.resx</c>.</summary>
public sealed class AccountsText;

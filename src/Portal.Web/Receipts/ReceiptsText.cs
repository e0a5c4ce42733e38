namespace Portal.Web.Receipts;

/// <summary>Names the texts about receipts: <c>ReceiptsText.resx</c>, <c>ReceiptsText.zh-Hans.resx</c>.</summary>
public sealed class ReceiptsText;

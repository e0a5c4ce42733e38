namespace Portal.Receipts;

/// <summary>Where receipts wait: the inbox, or the parking place of those that matched nothing yet.</summary>
internal sealed record ReceiptPlace(string Table)
{
    public static readonly ReceiptPlace Inbox = new("infra.receipt_inbox");
    public static readonly ReceiptPlace Parked = new("infra.parked_receipts");
}

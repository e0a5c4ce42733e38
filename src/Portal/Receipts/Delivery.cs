using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>A receipt on its way to one of the accounts whose apikey it carries.</summary>
internal sealed record Delivery(ReadReceipt Read, AccountOfKey Account)
{
    public ProviderReceipt Receipt => Read.Receipt!;

    public StoredReceipt Stored => Read.Stored;

    public (Guid AccountId, string TaskId) Task => (Account.AccountId, Receipt.TaskId);
}

namespace Portal.Sms.Provider;

/// <summary>What a receipt's word says about its message (design section 3.7).</summary>
public enum ReceiptMeaning
{
    /// <summary>On its way; another receipt may follow.</summary>
    NotFinal,

    /// <summary>Delivered, final.</summary>
    Delivered,

    /// <summary>Not delivered, final.</summary>
    Undelivered,

    /// <summary>A word of some operator: not delivered, provisionally. A later <c>DELIVRD</c> may replace it.</summary>
    Unlisted,
}

/// <summary>The words of receipts: <c>DELIVRD</c> from the provider's document, the others from SMPP 3.4.</summary>
public static class ReceiptWords
{
    /// <summary>What a word means. The raw word is kept beside it, always.</summary>
    public static ReceiptMeaning Meaning(string status) => status.Trim().ToUpperInvariant() switch
    {
        "DELIVRD" => ReceiptMeaning.Delivered,
        "UNDELIV" or "EXPIRED" or "REJECTD" or "DELETED" => ReceiptMeaning.Undelivered,
        "ACCEPTD" or "ENROUTE" or "UNKNOWN" => ReceiptMeaning.NotFinal,
        _ => ReceiptMeaning.Unlisted,
    };
}

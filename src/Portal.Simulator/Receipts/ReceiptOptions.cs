namespace Portal.Simulator.Receipts;

/// <summary>Configuration section <c>Receipts</c>.</summary>
internal sealed record ReceiptOptions
{
    /// <summary>For accounts without an address of their own.</summary>
    public Uri? PushUrl { get; set; }

    /// <summary>Pushes open at once.</summary>
    public int Parallelism { get; set; } = 32;

    /// <summary>How long a receiver may take to answer.</summary>
    public int TimeoutMs { get; set; } = 10_000;
}

namespace Portal.Simulator.Receipts;

/// <summary>What is pushed for one number and when: one receipt, unless a fault says otherwise.</summary>
internal static class PlannedReceipts
{
    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<(Receipt Receipt, DateTimeOffset Due)> Of(Receipt receipt, ReceiptFaultOptions? fault, DateTimeOffset accepted, double timeScale)
    {
        var due = receipt.Time;
        switch (fault?.Kind)
        {
            case ReceiptFaultKind.Missing:
                return [];
            case ReceiptFaultKind.Twice:
                return Repeated(receipt, 2);
            case ReceiptFaultKind.FourTimes:
                return Repeated(receipt, 4);
            case ReceiptFaultKind.OutOfOrder:
                return [(receipt, due), (receipt with { Word = "ENROUTE" }, due + _between)];
            case ReceiptFaultKind.Conflicting:
                return [(receipt, due), (receipt with { Word = Opposite(receipt) }, due + _between)];
            case ReceiptFaultKind.BeforeReply:
                return [(receipt with { Time = accepted }, accepted)];
            case ReceiptFaultKind.Delayed:
                return [(receipt, due + (TimeSpan.FromHours(fault.Hours) * timeScale))];
            case ReceiptFaultKind.Masked:
                return [(receipt with { Hidden = true }, due)];
            case ReceiptFaultKind.OtherAccount:
                return [(receipt with { Apikey = fault.As }, due)];
            default:
                return [(receipt, due)];
        }
    }

    private static IEnumerable<(Receipt, DateTimeOffset)> Repeated(Receipt receipt, int times) =>
        Enumerable.Range(0, times).Select(i => (receipt, receipt.Time + (_between * i)));

    private static string Opposite(Receipt receipt) =>
        Outcome.StatusOf(receipt.Number, receipt.Account.Options.Delivery) == Outcome.Delivered ? "UNDELIV" : Outcome.Delivered;
}

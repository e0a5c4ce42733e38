using System.Globalization;
using Npgsql;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>A receipt with the message that it is about.</summary>
/// <param name="Number">Whole, also where the receipt hides digits of it.</param>
internal sealed record MatchRow(Delivery Delivery, TaskRange Range, long Number, int Ordinal)
{
    public long Id => Delivery.Stored.Id;

    public ProviderReceipt Receipt => Delivery.Receipt;

    public ReceiptMeaning Meaning { get; } = ReceiptWords.Meaning(Delivery.Receipt.Status) switch
    {
        Sms.Provider.ReceiptMeaning.Delivered => ReceiptMeaning.Delivered,
        Sms.Provider.ReceiptMeaning.Undelivered => ReceiptMeaning.Undelivered,
        Sms.Provider.ReceiptMeaning.NotFinal => ReceiptMeaning.NotFinal,
        _ => ReceiptMeaning.Failed,
    };

    public bool IsOfSameMessage(MatchRow other) => Number == other.Number && Range.SendingId == other.Range.SendingId;

    /// <summary>Messages as they stand in the table, those of one message as they came.</summary>
    public static int InOrder(MatchRow a, MatchRow b)
    {
        var order = ReferenceEquals(a.Range, b.Range) ? 0 : a.Range.SendingId.CompareTo(b.Range.SendingId);
        order = order != 0 ? order : a.Number.CompareTo(b.Number);
        return order != 0 ? order : a.Id.CompareTo(b.Id);
    }
}

/// <summary>Finds the message that a receipt means. A masked number means somebody only where one number of its task fits.</summary>
internal sealed class MatchRows(BatchNumbers batches)
{
    public async Task<List<MatchRow>> FindAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<Delivery> deliveries, KnownTasks known, CancellationToken ct)
    {
        var numbers = await batches.OfAsync(connection, tenantId, known.All, ct);
        var rows = new List<MatchRow>(deliveries.Count);
        foreach (var delivery in deliveries)
        {
            var ranges = known.Of(delivery);
            var found = delivery.Receipt.Masked ? Masked(delivery, ranges, numbers) : Plain(delivery, ranges, numbers);
            if (found is not null)
                rows.Add(found);
        }
        return rows;
    }

    /// <summary>Null: it is no number, as messages have them.</summary>
    public static long? NumberOf(string mobile) =>
        mobile is { Length: >= 7 and <= 15 } && mobile[0] != '0' && !mobile.AsSpan().ContainsAnyExceptInRange('0', '9') ? long.Parse(mobile, CultureInfo.InvariantCulture) : null;

    private static MatchRow? Plain(Delivery delivery, IReadOnlyList<TaskRange> ranges, Dictionary<TaskRange, NumbersOfBatch> numbers)
    {
        if (NumberOf(delivery.Receipt.Mobile) is not { } number)
            return null;
        foreach (var range in ranges)
        {
            if (!range.Cleared && numbers[range].OrdinalOf(number) is { } ordinal)
                return new MatchRow(delivery, range, number, ordinal);
        }
        return null;
    }

    private static MatchRow? Masked(Delivery delivery, IReadOnlyList<TaskRange> ranges, Dictionary<TaskRange, NumbersOfBatch> numbers)
    {
        if (NumberMask.Of(delivery.Receipt.Mobile) is not { } mask)
            return null;
        MatchRow? found = null;
        foreach (var range in ranges)
        {
            if (range.Cleared)
                continue;
            foreach (var number in numbers[range].Fitting(mask))
            {
                if (found is not null && found.Number != number)
                    return null;
                found ??= new MatchRow(delivery, range, number, numbers[range].OrdinalOf(number)!.Value);
            }
        }
        return found;
    }
}

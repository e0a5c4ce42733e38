namespace Portal.Receipts;

/// <summary>By how much the counters of a sending move.</summary>
internal sealed class CountMove
{
    public int Delivered { get; set; }

    public int Undelivered { get; set; }

    public int Accepted { get; set; }

    public int Refused { get; set; }

    public int InDoubt { get; set; }

    public int Cancelled { get; set; }

    public int Dropped { get; set; }

    public bool IsNone => (Delivered, Undelivered, Accepted, Refused, InDoubt, Cancelled, Dropped) == default;

    /// <summary>People whom their batch did not count as accepted have a receipt: they count as accepted from now on.</summary>
    /// <param name="as">What they counted as: a state of their batch, or that they were skipped.</param>
    public void Tell(string @as, int people)
    {
        Accepted += people;
        switch (@as)
        {
            case "skipped":
                Dropped -= people;
                break;
            case "refused":
                Refused -= people;
                break;
            case "in_doubt":
                InDoubt -= people;
                break;
            case "cancelled":
                Cancelled -= people;
                break;
        }
    }
}

/// <summary>A receipt that is not written yet.</summary>
/// <param name="Nth"><see cref="Receipt.Nth"/>.</param>
internal readonly record struct FreshReceipt(MatchRow Row, int Nth);

/// <summary>
/// What receipts of a tenant change: which of them are new, and by how much the counters move. A message's state follows from
/// its receipts: the first definitive word wins; without one, an unlisted word is a failure.
/// </summary>
internal sealed class ReceiptChanges
{
    private readonly Dictionary<Guid, CountMove> _moves = [];

    private ReceiptChanges()
    {
    }

    /// <summary>Those that are not written yet, each once.</summary>
    public List<FreshReceipt> Fresh { get; } = [];

    /// <summary>The first receipts of people whom their batch may not count as accepted, one each.</summary>
    public List<MatchRow> FirstOfOpen { get; } = [];

    /// <summary>By sending; those that move nothing are left out.</summary>
    public IEnumerable<KeyValuePair<Guid, CountMove>> Moves => _moves.Where(m => !m.Value.IsNone);

    /// <param name="sorted">Those of one message stand together, in the order in which they came.</param>
    /// <param name="prior">What is written of a message, by the place of its first row.</param>
    public static ReceiptChanges Of(List<MatchRow> sorted, ILookup<int, PriorReceipt> prior)
    {
        var changes = new ReceiptChanges();
        for (int from = 0, to; from < sorted.Count; from = to)
        {
            for (to = from + 1; to < sorted.Count && sorted[to].IsOfSameMessage(sorted[from]);)
                to++;
            changes.Add(sorted, from, to, [.. prior[from]]);
        }
        return changes;
    }

    public CountMove MoveOf(Guid sendingId) => _moves.TryGetValue(sendingId, out var move) ? move : _moves[sendingId] = new();

    private void Add(List<MatchRow> sorted, int from, int to, PriorReceipt[] prior)
    {
        var first = Fresh.Count;
        Word? before = null;
        foreach (var receipt in prior)
            before = Word.Stronger(before, Word.Of(Data.Words.Read<ReceiptMeaning>(receipt.Meaning), receipt.Seq));
        var after = before;
        // Mostly there is one. But whoever wants to can push thousands about one message.
        HashSet<(string, string, string)>? written = prior.Length + to - from > 1 ? [.. prior.Select(p => (p.TaskId, p.Status, p.Times))] : null;
        for (var i = from; i < to; i++)
        {
            var row = sorted[i];
            // What says of its message what another one says was pushed again.
            if (written?.Add((row.Receipt.TaskId, row.Receipt.Status, row.Receipt.Times)) == false)
                continue;
            Fresh.Add(new(row, prior.Length + Fresh.Count - first));
            after = Word.Stronger(after, Word.Of(row.Meaning, row.Id));
        }
        if (Fresh.Count == first)
            return;
        if (prior.Length == 0 && sorted.FindIndex(from, to - from, r => r.Range.Open) is >= 0 and var open)
            FirstOfOpen.Add(sorted[open]);
        var move = MoveOf(sorted[from].Range.SendingId);
        move.Delivered += IsDelivered(after) - IsDelivered(before);
        move.Undelivered += IsUndelivered(after) - IsUndelivered(before);
    }

    private static int IsDelivered(Word? word) => word is { Meaning: ReceiptMeaning.Delivered } ? 1 : 0;

    private static int IsUndelivered(Word? word) => word is { Meaning: ReceiptMeaning.Undelivered or ReceiptMeaning.Failed } ? 1 : 0;

    /// <summary>A word that says how a message ended.</summary>
    private sealed record Word(ReceiptMeaning Meaning, long Seq)
    {
        public static Word? Of(ReceiptMeaning meaning, long seq) => meaning == ReceiptMeaning.NotFinal ? null : new(meaning, seq);

        /// <summary>A definitive word before a provisional one, then the one that came first.</summary>
        public static Word? Stronger(Word? a, Word? b) =>
            a is null ? b : b is null || (a.IsProvisional, a.Seq).CompareTo((b.IsProvisional, b.Seq)) <= 0 ? a : b;

        private bool IsProvisional => Meaning == ReceiptMeaning.Failed;
    }
}

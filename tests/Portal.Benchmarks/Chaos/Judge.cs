namespace Portal.Benchmarks.Chaos;

/// <summary>Holds the portal's books against the provider's ledger. The equations are the same for every run.</summary>
internal static class Judge
{
    /// <param name="suspects">Requests of which nobody can know what became of them: only they may be in doubt.</param>
    /// <param name="what">What these were, for the table.</param>
    public static async Task<Verdict> RunAsync(string run, Stage stage, long suspects, string what, CancellationToken ct)
    {
        var ledger = await stage.Provider.NumbersAsync(ct);
        var states = await stage.Books.StatesAsync(ct);
        var (messages, counts) = await stage.Books.ShownAsync(ct);
        long Count(params string[] of) => states.Count(s => of.Contains(s.Value));
        bool IsIn(string number) => ledger.ContainsKey(number);

        var verdict = new Verdict(run);
        verdict.Figure("numbers", stage.Plan.Numbers);
        verdict.Must("doubled: numbers more than once in the provider's ledger", ledger.Count(n => n.Value > 1), 0);
        verdict.Must("planned + accepted + refused + in doubt + skipped", Count("planned", "claimed", "dispatching", "accepted", "refused", "in_doubt", "skipped"), stage.Plan.Numbers);
        verdict.Must("lost: people with no state at all", stage.Plan.Numbers - states.Count + Count("none"), 0);
        verdict.Must("called accepted, not in the ledger", states.Count(s => s.Value == "accepted" && !IsIn(s.Key)), 0);
        verdict.Must("called refused or planned, yet in the ledger", states.Count(s => s.Value is "refused" or "planned" or "claimed" && IsIn(s.Key)), 0);
        verdict.Must("attempts called not sent or refused that the ledger has", await DeniedInLedgerAsync(stage, ct), 0);
        verdict.Must("in the ledger, not in our books", ledger.Keys.Count(n => !states.ContainsKey(n)), 0);
        verdict.Figure(what, suspects);
        verdict.Must("in doubt: at most these × batch", Count("in_doubt"), suspects * stage.Plan.Batch, atMost: true);
        verdict.Must("in doubt, shown on the page", counts.InDoubt, Count("in_doubt"));
        verdict.Must("accepted, shown on the page", counts.Accepted, Count("accepted"));
        verdict.Must("refused, shown on the page", counts.Refused, Count("refused"));
        verdict.Must("waiting, shown on the page", messages - counts.Accepted - counts.Refused - counts.InDoubt - counts.Dropped - counts.Cancelled, 0);
        verdict.Figure("of those in doubt, in the ledger", states.Count(s => s.Value == "in_doubt" && IsIn(s.Key)));
        return verdict;
    }

    /// <summary>Both clocks are this machine's: an acceptance belongs to the attempt in whose time it lies.</summary>
    private static async Task<long> DeniedInLedgerAsync(Stage stage, CancellationToken ct)
    {
        var broken = 0;
        foreach (var attempt in await stage.Books.DeniedAsync(ct))
        {
            var accepted = await stage.Provider.AcceptedAtAsync(attempt.Number, ct);
            if (accepted.Any(at => at >= attempt.From && at <= attempt.To))
                broken++;
        }
        return broken;
    }
}

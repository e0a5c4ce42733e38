namespace Portal.Contacts;

/// <summary>The lines of one import that were not taken: all counted, the first of them kept to be shown.</summary>
internal sealed class ImportProblems(ClaimedImport claim)
{
    public const int Most = 10_000;

    private const int LongestValue = 100;

    private readonly List<(int Line, string Value, string Reason)> _kept = [];

    /// <summary>Rows that could not be taken; duplicates are counted by themselves.</summary>
    public int Invalid { get; private set; }

    public void Add(int line, string value, string reason)
    {
        Invalid++;
        Keep(line, value, reason);
    }

    public void Duplicate(int line, string number) => Keep(line, number, "duplicate");

    public Task<int> WriteAsync(CancellationToken ct) => claim.Connection.ExecuteAsync("""
        insert into app.import_problems (tenant_id, import_id, line, value, reason)
        select $1, $2, p.line, p.value, p.reason from unnest($3, $4, $5) as p (line, value, reason)
        """, [claim.Member.TenantId, claim.Id, _kept.Select(p => p.Line).ToArray(), _kept.Select(p => p.Value).ToArray(), _kept.Select(p => p.Reason).ToArray()], ct);

    private void Keep(int line, string value, string reason)
    {
        if (_kept.Count < Most)
            _kept.Add((line, Short(value), reason));
    }

    // Not in the middle of a character of two parts: the database would refuse the half.
    private static string Short(string value) =>
        value.Length <= LongestValue ? value : value[..(char.IsHighSurrogate(value[LongestValue - 2]) ? LongestValue - 2 : LongestValue - 1)] + "…";
}

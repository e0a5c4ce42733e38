using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Contacts;

/// <param name="Text">Numbers, one a line or between commas.</param>
/// <param name="Region">Country of numbers without a country code; null for none.</param>
public sealed record SuppressNumbersInput(string Text, SuppressionReason Reason, string? Region = null);

/// <summary>What became of the numbers.</summary>
/// <param name="Added">Numbers that were not opted out before.</param>
/// <param name="Known">Numbers that were: their first reason and time stay.</param>
/// <param name="Refused">What could not be read as a number, to be corrected.</param>
public sealed record SuppressOutcome(int Added, int Known, IReadOnlyList<RefusedNumber> Refused);

/// <param name="Reason">As in <see cref="ProblemLine"/>.</param>
public sealed record RefusedNumber(string Written, string Reason);

/// <summary>
/// Opts numbers out (role Sender): nothing is written to them any more. What cannot be read does not stop the others.
/// Problems of <c>Text</c>: <c>paste_empty</c>, <c>optouts_too_many</c>, and where no number at all could be read
/// <c>numbers_no_country</c> or <c>numbers_none</c>; of <c>Region</c>: <c>region_unknown</c>.
/// </summary>
public sealed class SuppressNumbers(Databases databases, TimeProvider clock)
{
    public const int MostNumbers = 100_000;

    public async Task<Result<SuppressOutcome>> RunAsync(Member member, SuppressNumbersInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (input.Region is { } region && !PhoneNumbers.Regions.Contains(region, StringComparer.Ordinal))
            return new Problem(nameof(input.Region), "region_unknown", region);
        var written = PastedText.Numbers(input.Text);
        if (written.Count == 0)
            return new Problem(nameof(input.Text), "paste_empty");
        if (written.Count > MostNumbers)
            return new Problem(nameof(input.Text), "optouts_too_many", MostNumbers);
        var (numbers, refused) = Read(written, input.Region);
        if (numbers.Count == 0)
            return NoneOf(refused, nameof(input.Text));
        var added = await WriteAsync(member, [.. numbers], input.Reason, ct);
        return new SuppressOutcome(added, numbers.Count - added, refused);
    }

    private static (HashSet<string> Numbers, List<RefusedNumber> Refused) Read(List<string> written, string? region)
    {
        var (numbers, refused) = (new HashSet<string>(StringComparer.Ordinal), new List<RefusedNumber>());
        foreach (var text in written)
        {
            var result = PhoneNumbers.Parse(text, region);
            if (result.Number is { } number)
                numbers.Add(number);
            else
                refused.Add(new RefusedNumber(text, Words.Of(result.Problem)));
        }
        return (numbers, refused);
    }

    private static Problem NoneOf(List<RefusedNumber> refused, string field)
    {
        var noCountry = refused.Count(r => r.Reason == "no_country");
        return noCountry > 0 ? new Problem(field, "numbers_no_country", noCountry) : new Problem(field, "numbers_none", refused.Count);
    }

    private async Task<int> WriteAsync(Member member, string[] numbers, SuppressionReason reason, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var added = await connection.ExecuteAsync("""
            insert into app.suppressions (tenant_id, number, reason, source, at)
            select $1, n, $3, 'page', $4 from unnest($2) n order by n
            on conflict (tenant_id, number) do nothing
            """, [member.TenantId, numbers, Words.Of(reason), now], ct);
        if (added > 0)
            await connection.AuditAsync(member.Entry(AuditActions.NumberSuppressed, member.TenantId, now, $"{added}", Words.Of(reason)), ct);
        await transaction.CommitAsync(ct);
        return added;
    }
}

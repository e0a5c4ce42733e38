using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>What a person decided about an import.</summary>
/// <param name="ListId">The list that the people go on; null for a new one.</param>
/// <param name="NewListName">The new list's name, when <paramref name="ListId"/> is null.</param>
/// <param name="Region">Two letters of the country of numbers without a country code; null for none.</param>
public sealed record RunImportInput(Guid ImportId, CsvLayout Layout, ImportMapping Mapping, Guid? ListId, string NewListName, string? Region);

/// <summary>
/// How an import ended. Every row is in exactly one count.
/// </summary>
/// <param name="Added">New contacts.</param>
/// <param name="Updated">Known contacts: put on the list, their fields merged.</param>
/// <param name="Duplicates">Rows whose number stands further up in the file: the first row counts.</param>
/// <param name="Invalid">Rows that were not taken, with a line in <c>app.import_problems</c> (the first 10,000).</param>
public sealed record ImportOutcome(ImportState State, int Rows, int Added, int Updated, int Duplicates, int Invalid);

/// <summary>
/// Runs an import to its end (role Sender): all of it, or nothing when it is cancelled or fails. Problems:
/// <c>import_gone</c>, <c>import_closed</c>, <c>import_busy</c>; of <c>Number</c>: <c>number_column_missing</c>,
/// <c>numbers_none</c>; of <c>Region</c>: <c>region_unknown</c>, <c>numbers_no_country</c>; of <c>Fields[i]</c>:
/// <c>field_name_bad</c>, <c>field_name_twice</c>; of <c>List</c>: <c>list_gone</c>; of <c>NewListName</c> as in
/// <see cref="CreateList"/>.
/// </summary>
public sealed class RunImport
{
    private readonly ImportClaims _claims;
    private readonly ImportWork _work;

    internal RunImport(ImportClaims claims, ImportWork work) => (_claims, _work) = (claims, work);

    public async Task<Result<ImportOutcome>> RunAsync(Member member, RunImportInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        var claim = await _claims.TakeAsync(member, input, ct);
        return claim.Ok ? await _work.RunAsync(claim.Value, ct) : claim.Problems.ToList();
    }
}

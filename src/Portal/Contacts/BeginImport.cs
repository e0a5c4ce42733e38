using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>
/// As <see cref="RunImport"/>, but answers as soon as the import is running: it goes on when the page is left.
/// <see cref="ImportStatus"/> tells how far it is.
/// </summary>
public sealed class BeginImport
{
    private readonly ImportClaims _claims;
    private readonly ImportRunner _runner;

    internal BeginImport(ImportClaims claims, ImportRunner runner) => (_claims, _runner) = (claims, runner);

    public async Task<Result<Guid>> RunAsync(Member member, RunImportInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        var claim = await _claims.TakeAsync(member, input, ct);
        if (!claim.Ok)
            return claim.Problems.ToList();
        _runner.Begin(claim.Value);
        return input.ImportId;
    }
}

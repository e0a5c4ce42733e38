using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Contacts;
using Portal.Tenants;

namespace Portal.IntegrationTests.ContactsTests;

/// <summary>Contacts over a real database, and short forms for what the tests do with them.</summary>
public abstract class ContactsRig(PortalFixture fixture) : IAsyncLifetime
{
    private ServiceProvider? _services;

    protected PortalFixture Fixture => fixture;

    protected static CancellationToken None => CancellationToken.None;

    public Task InitializeAsync()
    {
        _services = fixture.Build(services => services.AddContacts());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _services!.DisposeAsync();

    protected T Get<T>() where T : notnull => _services!.GetRequiredService<T>();

    protected static Member As(Member member, MemberRole role) => member with { Role = role };

    protected Task<Result<Guid>> UploadAsync(Member member, byte[] content, string name = "people.csv") =>
        Get<StartImport>().RunAsync(member, new(name, new MemoryStream(content)), None);

    protected async Task<Guid> UploadAsync(Member member, string content, string name = "people.csv") =>
        (await UploadAsync(member, Encoding.UTF8.GetBytes(content), name)).Value;

    protected async Task<ImportPreview> PreviewAsync(Member member, Guid import, string? region = null) =>
        (await Get<PreviewImport>().RunAsync(member, new(import, region), None)).Value;

    /// <summary>Runs an import as the portal suggests it.</summary>
    protected async Task<Result<ImportOutcome>> RunAsync(Member member, Guid import, string list, string? region = null) =>
        await Get<RunImport>().RunAsync(member, await SuggestedAsync(member, import, list, region), None);

    protected async Task<RunImportInput> SuggestedAsync(Member member, Guid import, string list, string? region = null)
    {
        var preview = await PreviewAsync(member, import, region);
        var known = (await Get<Lists>().RunAsync(member, None)).FirstOrDefault(l => l.Name == list);
        return new RunImportInput(import, preview.Layout, new ImportMapping(preview.NumberColumn ?? -1, [.. preview.Columns.Select(c => c.Field)]), known?.Id, list, region);
    }

    /// <summary>Uploads and runs in one go.</summary>
    protected async Task<ImportOutcome> ImportAsync(Member member, string content, string list, string? region = null) =>
        (await RunAsync(member, await UploadAsync(member, content), list, region)).Value;

    protected async Task<ListView> ListAsync(Member member, string name, string? search = null, int page = 1)
    {
        var list = (await Get<Lists>().RunAsync(member, None)).Single(l => l.Name == name);
        return (await Get<ListPage>().RunAsync(member, new(list.Id, search, page), None))!;
    }

    protected async Task<List<ProblemLine>> ProblemsAsync(Member member, Guid import)
    {
        var lines = new List<ProblemLine>();
        await foreach (var line in Get<ImportProblemLines>().RunAsync(member, import, 20_000, None))
            lines.Add(line);
        return lines;
    }

    protected async Task<long> CountAsync(string table, Member member) =>
        await fixture.Database.AdminScalarAsync<long>($"select count(*) from app.{table} where tenant_id = '{member.TenantId}'");

    protected async Task<List<string>> AuditAsync(Member member)
    {
        await using var connection = await fixture.Database.OpenAdminAsync();
        await using var command = new NpgsqlCommand($"select action || ' ' || array_to_string(details, '|') from app.audit_entries where tenant_id = '{member.TenantId}' order by id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var actions = new List<string>();
        while (await reader.ReadAsync())
            actions.Add(reader.GetString(0));
        return actions;
    }
}

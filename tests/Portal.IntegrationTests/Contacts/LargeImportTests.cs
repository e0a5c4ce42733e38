using System.Globalization;
using System.Text;
using Npgsql;
using Portal.Contacts;
using Portal.Tenants;

namespace Portal.IntegrationTests.ContactsTests;

public sealed class LargeImportTests(PortalFixture fixture) : ContactsRig(fixture), IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Fifty_thousand_rows_are_taken_and_every_row_is_accounted_for()
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, File(0, 5_000), "Members");
        // 5,000 known, 40,000 new, 3,000 repeated, 12,000 without a country
        var import = await UploadAsync(member, File(0, 45_000) + File(10, 3_000, header: false) + string.Concat(Enumerable.Range(0, 12_000).Select(i => $"138{i:00000000},x\n")));

        var outcome = (await RunAsync(member, import, "Members")).Value;

        Assert.Equal(new ImportOutcome(ImportState.Done, 60_000, 40_000, 5_000, 3_000, 12_000), outcome);
        Assert.Equal(45_000, (await ListAsync(member, "Members")).Contacts);
        var problems = await ProblemsAsync(member, import);
        Assert.Equal(10_000, problems.Count);
        var progress = (await Get<ImportStatus>().RunAsync(member, import, None))!;
        Assert.Equal((60_000, 60_000, 10_000, "Members"), (progress.Rows, progress.Total, progress.Problems, progress.ListName));
    }

    [Fact]
    public async Task An_import_goes_on_by_itself_and_can_be_watched()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, File(0, 20_000));

        Assert.True((await Get<BeginImport>().RunAsync(member, await SuggestedAsync(member, import, "Members"), None)).Ok);

        var progress = await UntilAsync(member, import, p => p.State != ImportState.Running);
        Assert.Equal((ImportState.Done, 20_000, 20_000), (progress.State, progress.Added, progress.Total));
    }

    [Fact]
    public async Task Cancelling_takes_nothing_in_and_leaves_no_list_behind()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, File(0, 20_000));
        await using var held = await HoldContactsAsync(member);
        await Get<BeginImport>().RunAsync(member, await SuggestedAsync(member, import, "Members"), None);
        await UntilAsync(member, import, p => p.Rows == 20_000);

        Assert.True((await Get<CancelImport>().RunAsync(member, import, None)).Ok);

        // The lock that the import waits for is still held: only the cancelled command can end it.
        await ListGoneAsync(member);
        Assert.Equal(0, await CountAsync("contacts", member));
        Assert.Equal(ImportState.Cancelled, (await Get<ImportStatus>().RunAsync(member, import, None))!.State);
        Assert.Equal("import_closed", (await Get<PreviewImport>().RunAsync(member, new(import), None)).Problems[0].Code);
        Assert.Contains("import_cancelled ", await AuditAsync(member));
    }

    [Fact]
    public async Task One_import_is_run_by_one_at_a_time()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, File(0, 100));
        var input = await SuggestedAsync(member, import, "Members");
        await using var held = await HoldContactsAsync(member);
        await Get<BeginImport>().RunAsync(member, input, None);

        var second = await Get<RunImport>().RunAsync(member, input with { NewListName = "Other" }, None);

        Assert.Equal("import_busy", second.Problems[0].Code);
        await held.DisposeAsync();
        Assert.Equal(100, (await UntilAsync(member, import, p => p.State != ImportState.Running)).Added);
    }

    [Fact]
    public async Task An_import_that_a_dead_process_left_behind_is_seen_and_can_be_run_again()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, File(0, 100));
        var input = await SuggestedAsync(member, import, "Members");
        await Fixture.Database.AdminAsync($"update app.imports set state = 'running' where id = '{import}'");

        Assert.True((await Get<ImportStatus>().RunAsync(member, import, None))!.Stalled);

        Assert.Equal(100, (await Get<RunImport>().RunAsync(member, input, None)).Value.Added);
    }

    [Fact]
    public async Task A_portal_that_stops_leaves_the_import_to_be_run_again()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, File(0, 100));
        var input = await SuggestedAsync(member, import, "Members");
        await using var held = await HoldContactsAsync(member);
        await using (var portal = Fixture.Build(services => services.AddContacts()))
        {
            var begin = (BeginImport)portal.GetService(typeof(BeginImport))!;
            Assert.True((await begin.RunAsync(member, input, None)).Ok);
            await UntilAsync(member, import, p => p.Rows == 100);
        }

        Assert.Equal(ImportState.Uploaded, (await Get<ImportStatus>().RunAsync(member, import, None))!.State);
        await held.DisposeAsync();
        Assert.Equal(100, (await Get<RunImport>().RunAsync(member, input, None)).Value.Added);
    }

    [Fact]
    public async Task A_failure_takes_nothing_in_keeps_the_content_and_can_be_run_again()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, File(0, 100));
        var input = await SuggestedAsync(member, import, "Members");
        var check = $"ck_{member.TenantId:N}";
        await Fixture.Database.AdminAsync($"alter table app.contacts add constraint {check} check (tenant_id <> '{member.TenantId}')");

        var failed = (await Get<RunImport>().RunAsync(member, input, None)).Value;

        Assert.Equal(ImportState.Failed, failed.State);
        Assert.Empty(await Get<Lists>().RunAsync(member, None));
        await Fixture.Database.AdminAsync($"alter table app.contacts drop constraint {check}");
        Assert.Equal(100, (await Get<RunImport>().RunAsync(member, input, None)).Value.Added);
    }

    private static string File(int from, int count, bool header = true)
    {
        var text = new StringBuilder(header ? "mobile,name\n" : "");
        for (var i = from; i < from + count; i++)
            text.Append(CultureInfo.InvariantCulture, $"86139{i:00000000},Name {i}\n");
        return text.ToString();
    }

    // Stops imports of the tenant just before they write: makes "while it runs" certain.
    private async Task<NpgsqlConnection> HoldContactsAsync(Member member)
    {
        // Not pooled: closing it lets go at once.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Fixture.Database.Admin) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select pg_advisory_lock(hashtextextended('contacts {member.TenantId}', 0))", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private async Task<ImportProgress> UntilAsync(Member member, Guid import, Func<ImportProgress, bool> reached)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var progress = (await Get<ImportStatus>().RunAsync(member, import, deadline.Token))!;
            if (reached(progress))
                return progress;
            await Task.Delay(50, deadline.Token);
        }
    }

    private async Task ListGoneAsync(Member member)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await Get<Lists>().RunAsync(member, deadline.Token)).Count > 0)
            await Task.Delay(50, deadline.Token);
    }
}

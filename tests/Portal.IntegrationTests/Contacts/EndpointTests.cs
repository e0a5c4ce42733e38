using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.IntegrationTests.Members;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.ContactsTests;

[Collection(WholePortal.Name)]
public sealed class EndpointTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private sealed record Answer(Guid? Import, string[]? Problems);

    [Fact]
    public async Task A_file_is_uploaded_with_a_token_and_becomes_an_import()
    {
        var (tenant, browser) = await SignedInAsync();

        using var answer = await UploadAsync(browser, tenant.Slug, "mobile,name\n8613800138000,李\n"u8.ToArray(), "会员 名单.csv");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var import = (await answer.Content.ReadFromJsonAsync<Answer>(JsonSerializerOptions.Web))!.Import!.Value;
        var status = await Get<ImportStatus>().RunAsync(tenant.Owner, import, CancellationToken.None);
        Assert.Equal(("会员 名单.csv", 1), (status!.FileName, status.Total));
    }

    [Fact]
    public async Task A_file_that_is_no_table_is_refused_with_its_reason()
    {
        var (tenant, browser) = await SignedInAsync();

        using var answer = await UploadAsync(browser, tenant.Slug, [0x50, 0x4B, 0x03, 0x04], "people.xlsx");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["file_workbook"], (await answer.Content.ReadFromJsonAsync<Answer>(JsonSerializerOptions.Web))!.Problems!);
    }

    [Fact]
    public async Task A_file_above_the_limit_is_refused()
    {
        var (tenant, browser) = await SignedInAsync();
        var large = Encoding.ASCII.GetBytes(new string('8', StartImport.MostBytes + 1));

        using var answer = await UploadAsync(browser, tenant.Slug, large, "people.csv");

        Assert.Equal(["file_too_large"], (await answer.Content.ReadFromJsonAsync<Answer>(JsonSerializerOptions.Web))!.Problems!);
    }

    [Fact]
    public async Task Without_a_token_of_its_own_an_upload_is_refused()
    {
        var (tenant, browser) = await SignedInAsync();

        using var none = await SendAsync(browser, HttpMethod.Post, $"/t/{tenant.Slug}/contacts/import/upload", "8613800138000"u8.ToArray());
        using var wrong = await SendAsync(browser, HttpMethod.Post, $"/t/{tenant.Slug}/contacts/import/upload", "8613800138000"u8.ToArray(), "made-up");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (none.StatusCode, wrong.StatusCode));
    }

    [Fact]
    public async Task A_foreign_tenants_upload_and_problems_are_not_found()
    {
        var (mine, browser) = await SignedInAsync();
        var (foreign, _) = await SignedInAsync();
        var import = await RunAsync(foreign);
        var token = await TokenAsync(browser, mine.Slug);

        using var upload = await SendAsync(browser, HttpMethod.Post, $"/t/{foreign.Slug}/contacts/import/upload", "8613800138000"u8.ToArray(), token);
        using var theirs = await SendAsync(browser, HttpMethod.Get, $"/t/{foreign.Slug}/contacts/imports/{import}/problems.csv");
        using var inMine = await SendAsync(browser, HttpMethod.Get, $"/t/{mine.Slug}/contacts/imports/{import}/problems.csv");

        Assert.Equal(HttpStatusCode.NotFound, upload.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, inMine.StatusCode);
    }

    /// <summary>A body that never ends: only the portal can end it.</summary>
    [Theory]
    [InlineData("delete from ident.memberships where tenant_id = '{0}' and user_id = '{1}'")]
    [InlineData("update ident.memberships set role = 'viewer' where tenant_id = '{0}' and user_id = '{1}'")]
    [InlineData("update ident.tenants set state = 'suspended' where id = '{0}'")]
    [InlineData("delete from ident.sessions where user_id = '{1}'")]
    public async Task What_is_on_its_way_is_cut_when_the_right_to_it_is_gone(string gone)
    {
        var (tenant, browser) = await SignedInAsync();
        // A tenant needs an owner: another one.
        await portal.Database.AdminAsync($"insert into ident.memberships (tenant_id, user_id, role, created_at) values ('{tenant.Owner.TenantId}', '{(await portal.NewUserAsync()).Id}', 'owner', now())");
        await using var trickle = new Trickle();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = portal.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/t/{tenant.Slug}/contacts/import/upload?name=people.csv") { Content = new StreamContent(trickle) };
        // The body is asked for when the portal has let it in and reads it, not before.
        request.Headers.ExpectContinue = true;
        request.Headers.Add("RequestVerificationToken", await TokenAsync(browser, tenant.Slug));
        request.Headers.Add("Cookie", string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}")));

        var upload = http.SendAsync(request, limit.Token);
        await trickle.Begun;
        await portal.Database.AdminAsync(gone.Replace("{0}", tenant.Owner.TenantId.ToString(), StringComparison.Ordinal).Replace("{1}", tenant.Owner.UserId.ToString(), StringComparison.Ordinal));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => upload);
        Assert.False(limit.IsCancellationRequested);
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from app.imports where tenant_id = '{tenant.Owner.TenantId}'"));
    }

    [Fact]
    public async Task A_stranger_gets_neither_a_token_nor_problems()
    {
        var (tenant, _) = await SignedInAsync();
        var stranger = portal.NewBrowser();

        using var token = await SendAsync(stranger, HttpMethod.Get, $"/t/{tenant.Slug}/contacts/import/upload/token");

        Assert.NotEqual(HttpStatusCode.OK, token.StatusCode);
    }

    [Theory]
    [InlineData("en", "Line,What stands there,Why", "No country code: choose the country, or add it")]
    [InlineData("zh-Hans", "行号,内容,原因", "没有国家代码：请选择国家或加上代码")]
    public async Task The_problem_lines_are_a_csv_that_no_spreadsheet_computes(string language, string heading, string reason)
    {
        var (tenant, browser) = await SignedInAsync(language);
        var import = await RunAsync(tenant);

        using var answer = await SendAsync(browser, HttpMethod.Get, $"/t/{tenant.Slug}/contacts/imports/{import}/problems.csv");

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("problems.csv", answer.Content.Headers.ContentDisposition.FileName);
        var lines = (await answer.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n");
        Assert.Equal(heading, lines[0]);
        Assert.StartsWith("3,\"'=1+2\",", lines[1], StringComparison.Ordinal);
        Assert.Contains(reason, lines[2], StringComparison.Ordinal);
    }

    private T Get<T>() where T : notnull => portal.Services.GetRequiredService<T>();

    private async Task<((string Slug, Member Owner) Tenant, Browser Browser)> SignedInAsync(string language = "en")
    {
        var slug = "t-" + Guid.NewGuid().ToString("N")[..12];
        await using var scope = portal.Services.CreateAsyncScope();
        var input = new CreateTenantInput(slug, slug, $"owner@{slug}.test", OwnerPassword: RunningPortal.Password);
        var tenant = (await scope.ServiceProvider.GetRequiredService<CreateTenant>().RunAsync(Operator.Console, input, CancellationToken.None)).Value;
        var owner = await portal.Database.AdminScalarAsync<Guid>($"select user_id from ident.memberships where tenant_id = '{tenant.Id}'");
        var browser = new Browser(portal.Address) { Language = language };
        await browser.SignInAsync(input.OwnerEmail, RunningPortal.Password);
        return ((slug, new Member(tenant.Id, owner, "Owner", MemberRole.Owner) { Confirmed = true }), browser);
    }

    private async Task<Guid> RunAsync((string Slug, Member Owner) tenant)
    {
        var file = new MemoryStream("mobile\n8613800138000\n=1+2\n13800138001\n"u8.ToArray());
        var import = (await Get<StartImport>().RunAsync(tenant.Owner, new("people.csv", file), CancellationToken.None)).Value;
        var input = new RunImportInput(import, new CsvLayout(',', HasHeader: true), new ImportMapping(0, []), null, "Members", null);
        Assert.Equal(2, (await Get<RunImport>().RunAsync(tenant.Owner, input, CancellationToken.None)).Value.Invalid);
        return import;
    }

    private async Task<string> TokenAsync(Browser browser, string slug)
    {
        using var answer = await SendAsync(browser, HttpMethod.Get, $"/t/{slug}/contacts/import/upload/token");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var line in answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
            browser.Cookies[line.Split('=')[0]] = line.Split(';')[0].Split('=', 2)[1];
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> UploadAsync(Browser browser, string slug, byte[] content, string name) =>
        await SendAsync(browser, HttpMethod.Post, $"/t/{slug}/contacts/import/upload?name={Uri.EscapeDataString(name)}", content, await TokenAsync(browser, slug));

    // As upload.js sends it: the file is the body, the token a header.
    private async Task<HttpResponseMessage> SendAsync(Browser browser, HttpMethod method, string path, byte[]? body = null, string? token = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = portal.Address };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        if (browser.Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}")));
        request.Headers.Add("Accept-Language", browser.Language);
        if (token is not null)
            request.Headers.Add("RequestVerificationToken", token);
        return await http.SendAsync(request);
    }

    /// <summary>Digits without end, slowly.</summary>
    private sealed class Trickle : Stream
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(50, cancellationToken);
            _begun.TrySetResult();
            buffer.Span[..500].Fill((byte)'8');
            return 500;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

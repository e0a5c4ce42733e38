using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.IntegrationTests.Members;

namespace Portal.IntegrationTests.ContactsTests;

/// <summary>What leaves as a file and comes in again is what it was, and no spreadsheet computes it on the way.</summary>
[Collection(WholePortal.Name)]
public sealed partial class ExportTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    // As a spreadsheet, a person with a Chinese keyboard and somebody with bad intentions would begin a cell.
    private static readonly string[] _begins = ["=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "'=", "''+", "\u200B=", "'", "\"=", ";=", ",="];

    [Fact]
    public async Task Every_beginning_that_a_spreadsheet_computes_is_text_in_the_file_and_comes_back_as_it_was()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var browser = await portal.SignedInAsync(team.Tenant.OwnerEmail);
        string[] values = [.. _begins.Select((b, i) => b + "cmd('x')!A" + i.ToString(CultureInfo.InvariantCulture))];
        var first = await ImportAsync(team, "mobile\n8613800138000\n" + string.Join('\n', values.Select(v => $"\"{v.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n", 0);
        // What a person wrote with an apostrophe before a formula, as a spreadsheet has it, is meant without.
        string[] meant = [.. values.Select(v => v.StartsWith("'=", StringComparison.Ordinal) || v.StartsWith("''+", StringComparison.Ordinal) ? v[1..] : v)];
        Assert.Equal(meant, await ValuesAsync(team, first));

        var answer = await browser.GetAsync($"/t/{team.Tenant.Slug}/contacts/imports/{first}/problems.csv");
        var file = await answer.Content.ReadAsStringAsync();
        var cells = Cell().Matches(file).Select(m => m.Groups["quoted"].Success ? m.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : m.Groups["plain"].Value).Skip(1).ToList();
        Assert.Equal(values.Length, cells.Count);
        Assert.All(cells, c => Assert.DoesNotContain(c.TrimStart('\u200B')[0], "=+-@|%＝＋－＠\t\r\n"));

        var second = await ImportAsync(team, file + "1,8613800138001,x\r\n", 1);
        Assert.Equal(meant, await ValuesAsync(team, second));
    }

    [Fact]
    public async Task A_contacts_fields_come_back_as_they_were_too()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var safe = string.Join('\n', _begins.Select((b, i) => $"{8613800138000 + i},\"{SpreadsheetText.ToCell(b + "1").Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        await ImportAsync(team, "mobile,note\n" + safe + "\n", 0, "note");

        await using var admin = await portal.Database.OpenAdminAsync();
        await using var command = new Npgsql.NpgsqlCommand($"select array_agg(fields ->> 'note' order by number) from app.contacts where tenant_id = '{team.Tenant.Id}'", admin);
        Assert.Equal(_begins.Select(b => b + "1"), (string[])(await command.ExecuteScalarAsync())!);
    }

    private async Task<Guid> ImportAsync(TeamRig team, string csv, int numberColumn, string? field = null)
    {
        var import = (await Get<StartImport>().RunAsync(team.Owner, new("people.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv))), default)).Value;
        var input = new RunImportInput(import, new CsvLayout(',', HasHeader: true), new ImportMapping(numberColumn, field is null ? [] : [null, field]), null, $"List {import}", null);
        var result = await Get<RunImport>().RunAsync(team.Owner, input, default);
        Assert.Empty(result.Problems);
        return import;
    }

    private async Task<List<string>> ValuesAsync(TeamRig team, Guid import)
    {
        var values = new List<string>();
        await foreach (var line in Get<ImportProblemLines>().RunAsync(team.Owner, import, int.MaxValue, default))
            values.Add(line.Value);
        return values;
    }

    // The second cell of a line.
    [GeneratedRegex("^[^,]*,(?:\"(?<quoted>(?:[^\"]|\"\")*)\"|(?<plain>[^,\r\n]*)),", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cell();

    private T Get<T>() where T : notnull => portal.Services.GetRequiredService<T>();
}

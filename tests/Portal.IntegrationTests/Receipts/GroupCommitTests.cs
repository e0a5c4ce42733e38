using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Many requests, one durable transaction.</summary>
public sealed class GroupCommitTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const int Requests = 500;

    [Fact]
    public async Task What_comes_while_a_commit_runs_shares_the_next_one_and_is_answered_after_it()
    {
        await using var services = portal.Build(s => s.AddReceiptInbox());
        var inbox = services.GetRequiredService<ReceiptInbox>();
        await inbox.StartAsync(CancellationToken.None);
        var answers = new List<Task<bool>>();
        await using (var admin = await portal.Database.OpenAdminAsync())
        {
            await using var transaction = await admin.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("lock table infra.receipt_inbox in exclusive mode", admin))
                await hold.ExecuteNonQueryAsync();
            for (var n = 0; n < Requests; n++)
                answers.Add(inbox.StoreAsync(Encoding.UTF8.GetBytes($"r{n}"), null, null));
            Assert.DoesNotContain(answers, a => a.IsCompleted);
            await transaction.CommitAsync();
        }
        Assert.All(await Task.WhenAll(answers), Assert.True);
        await inbox.StopAsync(CancellationToken.None);
        Assert.Equal(Requests, await portal.Database.AdminScalarAsync<long>("select count(distinct body) from infra.receipt_inbox"));
        Assert.InRange(await portal.Database.AdminScalarAsync<long>("select count(distinct xmin::text) from infra.receipt_inbox"), 1, 3);
    }

    [Theory]
    [InlineData(DatabaseRole.Inbox)]
    [InlineData(DatabaseRole.Applier)]
    public async Task Its_commits_are_durable_whatever_the_server_is_set_to(DatabaseRole role)
    {
        await using var command = portal.Databases[role].CreateCommand("select setting || ' ' || source from pg_settings where name = 'synchronous_commit'");
        Assert.Equal("on user", await command.ExecuteScalarAsync());
    }
}

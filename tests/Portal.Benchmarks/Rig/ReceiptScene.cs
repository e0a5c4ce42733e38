using System.Globalization;
using Npgsql;
using Portal.Accounts;
using Portal.Tenants;

namespace Portal.Benchmarks.Rig;

/// <summary>Tenants with people who were sent to, all of them accepted, and no receipt yet.</summary>
internal sealed class ReceiptScene : IAsyncDisposable
{
    private readonly ProductRig _rig;
    private readonly Provider _provider;

    private ReceiptScene(Scratch scratch, Provider provider) => (Scratch, _provider, _rig) = (scratch, provider, new ProductRig(scratch, 5));

    public Scratch Scratch { get; }

    public Provider Provider => _provider;

    public List<Sent> Tenants { get; } = [];

    /// <summary>A tenant, and the apikey that its receipts carry.</summary>
    public sealed record Sent(Member Owner, Guid Account, Guid Sending, string ApiKey, int People);

    public static async Task<ReceiptScene> CreateAsync(CancellationToken ct) => new(await Scratch.CreateAsync(ct), await Provider.StartAsync(1, 100_000, ct));

    /// <summary>A tenant whose sending of so many was accepted, a thousand a request.</summary>
    /// <param name="replied">False: no reply has told a taskid yet.</param>
    public async Task AddAsync(int people, bool replied, CancellationToken ct)
    {
        var owner = await _rig.TenantAsync(ct);
        var pair = await _provider.AccountAsync(100_000, ct);
        var account = await _rig.AccountAsync(owner, _provider.Address, pair, new AccountSettings("Run", 100, 100, 1000), ct);
        var sending = await SendAsync(owner, account, people, "accepted", replied ? $"({PushedReceipt.FirstTask} + batch_no)::text" : "null", ct);
        Tenants.Add(new Sent(owner, account, sending, pair.ApiKey, people));
    }

    /// <summary>A further sending of a tenant, to so many of its people, all of whose requests are in doubt.</summary>
    public Task<Guid> DoubtAsync(Sent tenant, int people, CancellationToken ct) => SendAsync(tenant.Owner, tenant.Account, people, "in_doubt", "null", ct);

    private async Task<Guid> SendAsync(Member owner, Guid account, int people, string state, string task, CancellationToken ct)
    {
        var sending = await _rig.SendingAsync(owner, account, 1, 1, ct);
        await SqlAsync(string.Create(CultureInfo.InvariantCulture, $"""
            delete from app.messages where sending_id = '{sending}';
            delete from app.batches where sending_id = '{sending}';
            insert into app.messages (tenant_id, month, sending_id, number, ordinal)
            select s.tenant_id, s.month, s.id, ({PushedReceipt.FirstNumber} + n)::text, n from app.sendings s, generate_series(0, {people - 1}) n where s.id = '{sending}';
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            select '{owner.TenantId}', '{sending}', n, '{account}', n * 1000, least({people}, n * 1000 + 1000) - 1,
                   array(select {PushedReceipt.FirstNumber} + o from generate_series(n * 1000, least({people}, n * 1000 + 1000) - 1) o), 0, '{state}', 1, 1, now(), now() from generate_series(0, ({people} - 1) / 1000) n;
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, own_segments, granted_at, state, started_at, ended_at, code, task_id)
            select tenant_id, sending_id, batch_no, 1, account_id, 1, 1, '20261122174200', 1000, 1000, now(), '{state}', now(), now(),
                   case '{state}' when 'accepted' then '000' end, {task}
            from app.batches where sending_id = '{sending}';
            update app.sending_counts set {state} = {people} where sending_id = '{sending}';
            update app.sendings set state = 'finished', messages = {people} where id = '{sending}';
            """), ct);
        return sending;
    }

    /// <summary>One receipt of everybody of these tenants into the inbox, in a mixed order, all at once.</summary>
    public async Task FillInboxAsync(IEnumerable<Sent> tenants, CancellationToken ct)
    {
        await SqlAsync("create table if not exists public.pairs (sending_id uuid primary key, apikey text); truncate public.pairs", ct);
        foreach (var tenant in tenants)
            await SqlAsync($"insert into public.pairs values ('{tenant.Sending}', '{tenant.ApiKey}')", ct);
        var body = PushedReceipt.Body("<k>", 0).Replace(Text(PushedReceipt.FirstTask), "<t>", StringComparison.Ordinal).Replace(Text(PushedReceipt.FirstNumber), "<n>", StringComparison.Ordinal);
        await SqlAsync($"""
            insert into infra.receipt_inbox (source, body)
            select '127.0.0.1', convert_to(replace(replace(replace('{body}', '<k>', p.apikey), '<t>', ({PushedReceipt.FirstTask} + m.ordinal / 1000)::text), '<n>', m.number), 'UTF8')
            from app.messages m join public.pairs p on p.sending_id = m.sending_id order by random();
            analyze app.messages; analyze app.batches; analyze app.attempts; analyze app.sendings;
            """, ct);
    }

    /// <summary>The replies are there. Whoever waits for one is looked for anew: this tenant's receipts at once, all others' at that instant.</summary>
    public async Task ReplyAsync(Sent atOnce, DateTimeOffset others, CancellationToken ct)
    {
        await SqlAsync($"""
            update app.attempts set task_id = (%T% + batch_no)::text;
            update infra.parked_receipts set next_at = case when tenant_id = '{atOnce.Owner.TenantId}' then now() else '{others:O}' end;
            """.Replace("%T%", Text(PushedReceipt.FirstTask), StringComparison.Ordinal), ct);
        // A million rows changed at once is this scene's doing: the worker changes none so.
        await SqlAsync("vacuum analyze infra.parked_receipts", ct);
    }

    public Task<long> CountedAsync(CancellationToken ct) => OneAsync<long>("select coalesce(sum(delivered), 0)::bigint from app.sending_counts", ct);

    /// <summary>Sendings whose counters are not what their receipts come to, or not everybody.</summary>
    public Task<long> WrongAsync(CancellationToken ct) => OneAsync<long>("""
        select count(*) from app.sending_counts c join app.sendings s on s.id = c.sending_id
        where c.undelivered <> 0 or c.delivered <> s.messages or c.accepted <> s.messages
           or c.delivered <> (select count(distinct r.number) from app.receipts r where r.sending_id = s.id and r.meaning = 'delivered')
        """, ct);

    public async Task<T> OneAsync<T>(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Scratch.Options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task SqlAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Scratch.Options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _provider.DisposeAsync();
        await Scratch.DisposeAsync();
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

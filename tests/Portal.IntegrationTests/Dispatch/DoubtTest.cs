using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>Sendings whose requests ended in doubt: the provider took them and said nothing that can be read.</summary>
public abstract class DoubtTest(PortalFixture portal) : DispatchTest(portal)
{
    /// <summary>A sending of so many people, ten a request, whose first requests are in doubt. The engine runs.</summary>
    protected async Task<Guid> InDoubtAsync(int people = 10, int requests = 1, string fault = "garbage")
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        await OneAsync<int?>("update app.tenant_settings set doubt_pause = 0 returning 1");
        await PostAsync("faults", new { kind = fault, when = "after", times = requests });
        var sending = await PreparedAsync("Hello", await ListAsync(people));
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.Equal((long)requests, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and state = 'in_doubt'", sending));
        return sending;
    }

    /// <summary>Makes the requests in doubt old enough to be sent again.</summary>
    protected Task AgeAsync(Guid sending) => Portal.Database.AdminAsync(
        $"update app.attempts set timestamp = to_char(now() at time zone '+08' - interval '131 minutes', 'YYYYMMDDHH24MISS') where sending_id = '{sending}'");

    /// <summary>The reply to the first attempt of the first batch, coming now.</summary>
    protected async Task ReplyAsync(Guid sending, string code, string? taskId = null)
    {
        var month = await OneAsync<DateTime>("select month::timestamp from app.sendings where id = $1", sending);
        var last = await OneAsync<int>("select last_ordinal from app.batches where sending_id = $1 and batch_no = 0", sending);
        var batch = new ClaimedBatch(sending, 0, DateOnly.FromDateTime(month), 0, last, 0, 0, Urgent: false, LooksForBadNumber: false);
        var numbers = await OneAsync<int>("select numbers from app.attempts where sending_id = $1 and batch_no = 0 and attempt_no = 1", sending);
        var answer = taskId is null
            ? new Sms.Provider.ProviderAnswer { Kind = Sms.Provider.AnswerKind.Refused, Code = code }
            : new Sms.Provider.ProviderAnswer { Kind = Sms.Provider.AnswerKind.Accepted, Code = code, TaskId = taskId, ValidNumber = numbers, Segments = numbers };
        await Get<RecordOutcome>().RunAsync(Owner.Scope, Account, batch, numbers, Outcome.Of(answer, numbers) with { OwnSegments = numbers }, Ct);
    }

    protected Task<string> BatchAsync(Guid sending, int batch = 0) =>
        OneAsync<string>("select concat_ws(' ', state, why, settled) from app.batches where sending_id = $1 and batch_no = $2", sending, batch);

    /// <summary>The taskid that the provider gave to the request with this number, which its reply never told.</summary>
    protected async Task<string> TaskOfAsync(string number)
    {
        var asked = await LedgerOfAsync(number);
        return asked[0].GetProperty("taskid").GetString()!;
    }

    protected async Task UntilToldAsync(Guid sending, int receipts) =>
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.receipts where sending_id = $1", sending) == receipts, $"{receipts} receipts are applied");

    protected Task UntilParkedAsync(int receipts) =>
        UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts") == receipts, $"{receipts} receipts are parked");

    /// <summary>Has the parked receipts tried again now, and waits until they were.</summary>
    protected async Task TryParkedAsync()
    {
        await Portal.Database.AdminAsync("update infra.parked_receipts set next_at = now(), tries = 0");
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where tries = 0") == 0, "the parked receipts were tried again");
        await Task.Delay(500);
    }
}

using Portal.Accounts;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// Changes the root key of many tenants while messages are sent and receipts come, and kills that again and again in its
/// middle. Nothing may become unreadable, no request may fail, no receipt may miss its account, and it may not take long.
/// </summary>
internal static class KillRewrap
{
    private const int AtMostSeconds = 60;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (tenants, kills, numbers) = (options.Number("tenants", 10_000), options.Number("kills", 20), options.Number("numbers", 20_000));
        var (batch, rate) = (options.Number("batch", 10), options.Number("rate", 20));
        void Say(string what)
        {
            if (!options.Json)
                Console.WriteLine(what);
        }

        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(300_000, replied: true, ct);
        await using var rig = new ProductRig(scene.Scratch, requestTimeoutSeconds: 5);
        var owner = await rig.TenantAsync(ct);
        var account = await rig.AccountAsync(owner, scene.Provider.Address, (scene.Provider.ApiKey, scene.Provider.Secret), new AccountSettings("Run", Rate: rate, BatchSize: batch), ct);
        var secrets = new SealedTenants(scene.Scratch);
        await secrets.MakeAsync(rig.Vault, tenants, ct);
        Say($"{tenants:N0} tenants have a key and a secret");
        var books = new Books(rig.Databases, owner, await rig.SendingAsync(owner, account, numbers, batch, ct));

        await using var sender = Sender.Start(scene.Scratch, requestTimeoutSeconds: 5);
        await using var receiver = Receiver.Start(scene.Scratch, "receipts,worker");
        await receiver.UntilAnswersAsync(ct);
        await using var pusher = new ReceiptPusher(receiver.Address, scene.Tenants[0].ApiKey, 300_000, connections: 6);
        await Wait.UntilAsync(async c => await books.DoneAsync(c) > 20 && pusher.Taken > 200, _patience, () => "Nothing is sent:\n" + sender.Tail + receiver.Tail, ct);

        var newRoot = Scratch.NewRootKey(2);
        await scene.Scratch.WriteRootKeysAsync([.. await File.ReadAllLinesAsync(scene.Scratch.RootKeyFile, ct), newRoot], ct);
        var (sentBefore, takenBefore, start) = (await books.DoneAsync(ct), pusher.Taken, TimeProvider.System.GetTimestamp());
        for (var kill = 1; kill <= kills; kill++)
        {
            await using var rewrap = Rewrap(scene.Scratch);
            // Each time a little further on, and in whatever it does just then.
            var until = (long)tenants * kill / (kills + 1);
            await Wait.UntilAsync(async c => !rewrap.Running || await secrets.UnderAsync(2, c) >= until, _patience, () => "It does not get on:\n" + rewrap.Tail, ct);
            if (!rewrap.Running)
                throw new InvalidOperationException("It ended before it was killed:\n" + rewrap.Tail);
            await rewrap.KillAsync();
            Say($"kill {kill}: {await secrets.UnderAsync(2, ct):N0} keys hang on the new root key");
        }
        await using (var last = Rewrap(scene.Scratch))
        {
            await last.LastLineAsync();
            Say(last.Tail);
            if (last.ExitCode != 0)
                throw new InvalidOperationException("The last one failed:\n" + last.Tail);
        }
        var took = TimeProvider.System.GetElapsedTime(start);
        var (sent, taken) = (await books.DoneAsync(ct) - sentBefore, pusher.Taken - takenBefore);
        var (left, senderErrors, receiverErrors) = (await secrets.UnderAsync(1, ct), sender.Errors, receiver.Errors);

        // The old root key is taken away for good; the sending goes to its end.
        await scene.Scratch.WriteRootKeysAsync([newRoot], ct);
        await using var later = new ProductRig(scene.Scratch, requestTimeoutSeconds: 5);
        var unreadable = await secrets.UnreadableAsync(later.Vault, ct);
        await pusher.FinishAsync();
        await Wait.UntilAsync(async c => await books.BatchesAsync("planned,claimed,dispatching", c) == 0, _patience, () => "The sending does not end:\n" + sender.Tail, ct);
        await Wait.UntilAsync(c => scene.OneAsync<bool>("select not exists (select from infra.receipt_inbox)", c), _patience, () => "Receipts are left over:\n" + receiver.Tail, ct);

        var verdict = new Verdict("kill-rewrap");
        verdict.Figure("tenants", tenants);
        verdict.Figure("rewraps killed", kills);
        verdict.Must("seconds, starts of the killed ones included", (long)Math.Ceiling(took.TotalSeconds), AtMostSeconds, atMost: true);
        verdict.Must("keys still under the old root key", left, 0);
        verdict.Must("unreadable with the new root key alone", unreadable, 0);
        verdict.Figure("requests accepted meanwhile", sent);
        verdict.Must("requests of the whole sending, accepted", await books.BatchesAsync("accepted", ct), numbers / batch);
        verdict.Must("failed sends: attempts that ended otherwise", await scene.OneAsync<long>($"select count(*) from app.attempts where account_id = '{account}' and state <> 'accepted'", ct), 0);
        verdict.Must("numbers in the provider's ledger", (await scene.Provider.NumbersAsync(ct)).Count(n => n.Value == 1), numbers);
        verdict.Figure("receipts answered OK meanwhile", taken);
        verdict.Must("receipts in the books, as many as were pushed", await scene.OneAsync<long>("select count(*) from app.receipts", ct), pusher.Begun);
        verdict.Must("receipts parked, or pushed again", await scene.OneAsync<long>("select count(*) from infra.parked_receipts", ct) + pusher.Refused, 0);
        verdict.Must("errors in the logs of what sends and receives", senderErrors + receiverErrors, 0);
        return verdict.Print(options.Json);
    }

    private static Child Rewrap(Scratch scratch)
    {
        var settings = scratch.Settings(requestTimeoutSeconds: 5);
        settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        settings["Portal:PublicAddress"] = "http://127.0.0.1";
        return Child.Start(Scratch.Required("PORTAL_BIN_WEB"), ["admin", "vault", "rewrap"], settings);
    }
}

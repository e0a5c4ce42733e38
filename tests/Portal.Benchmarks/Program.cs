using Portal.Benchmarks.Bench;
using Portal.Benchmarks.Chaos;
using Portal.Benchmarks.Rig;

// Started by ./portal chaos NAME, which builds the programs, starts a PostgreSQL and says where they are.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };

try
{
    return args switch
    {
        ["chaos", "kill-sender", .. var options] => await KillSender.RunAsync(Options.Parse(options), stop.Token),
        ["chaos", "stop-sender", .. var options] => await StopSender.RunAsync(Options.Parse(options), stop.Token),
        ["chaos", "kill-database", .. var options] => await KillDatabase.RunAsync(Options.Parse(options), stop.Token),
        ["chaos", "kill-receipts", .. var options] => await KillReceipts.RunAsync(Options.Parse(options), stop.Token),
        ["chaos", "kill-rewrap", .. var options] => await KillRewrap.RunAsync(Options.Parse(options), stop.Token),
        ["chaos", "network", .. var options] => await Network.RunAsync(Options.Parse(options), stop.Token),
        ["chaos", "rolling-restart", .. var options] => await RollingRestart.RunAsync(Options.Parse(options), stop.Token),
        ["bench", "prepare", .. var options] => await PrepareBench.RunAsync(Options.Parse(options), stop.Token),
        ["bench", "dispatch", .. var options] => await DispatchBench.RunAsync(Options.Parse(options), stop.Token),
        ["bench", "isolation", .. var options] => await IsolationBench.RunAsync(Options.Parse(options), stop.Token),
        ["bench", "foreign", .. var options] => await ForeignBench.RunAsync(Options.Parse(options), stop.Token),
        ["bench", "uploads", .. var options] => await UploadsBench.RunAsync(Options.Parse(options), stop.Token),
        ["bench", "receipts", .. var options] => await ReceiptsBench.RunAsync(Options.Parse(options), stop.Token),
        // What a run starts as programs of their own.
        ["push", .. var options] => await ReceiptLoad.RunAsync(Options.Parse(options), stop.Token),
        ["ok-endpoint", .. var options] => await OkEndpoint.RunAsync(Options.Parse(options), stop.Token),
        _ => await UnknownAsync(),
    };
}
catch (OptionException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

static async Task<int> UnknownAsync()
{
    await Console.Error.WriteLineAsync("Say: ./portal chaos kill-sender [--kills N] [--points N], stop-sender [--rounds N], kill-database [--stops N] [--terminations N], kill-receipts [--kills N] [--outage SECONDS], kill-rewrap [--tenants N] [--kills N], rolling-restart [--rounds N], network [--batches N] [--every N], each with [--numbers N] [--batch N] [--rate N] [--json]; ./portal bench dispatch [--seconds N] [--json], prepare [--recipients N] [--rounds N] [--json], isolation [--tenants N] [--operations N] [--connections N] [--json], foreign [--rounds N] [--json], uploads [--json], receipts [--seconds N] [--rounds N] [--receipts N] [--minutes N] [--only PART] [--json]");
    return 2;
}

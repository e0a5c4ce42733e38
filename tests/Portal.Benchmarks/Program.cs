using Portal.Benchmarks.Chaos;
using Portal.Benchmarks.Measures;
using Portal.Benchmarks.Rig;

// Started by ./portal chaos NAME and ./portal bench NAME, which builds the programs, starts a PostgreSQL and says where they are.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };

try
{
    return args switch
    {
        ["chaos", "kill-sender", .. var options] => await KillSender.RunAsync(Options.Parse(options), stop.Token),
        ["bench", "prepare", .. var options] => await Prepare.RunAsync(Options.Parse(options), stop.Token),
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
    await Console.Error.WriteLineAsync("Say: ./portal bench prepare [--recipients N] [--rounds N] [--json]");
    await Console.Error.WriteLineAsync("  or ./portal chaos kill-sender [--numbers N] [--batch N] [--rate N] [--kills N] [--json]");
    return 2;
}

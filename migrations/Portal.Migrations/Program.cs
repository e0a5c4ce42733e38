using Npgsql;
using Portal.Data;
using Portal.Migrations;

var options = new DatabaseOptions
{
    ConnectionString = Environment.GetEnvironmentVariable("ConnectionStrings__Portal") ?? "",
    RoleKey = Environment.GetEnvironmentVariable("Portal__Database__RoleKey") ?? "",
    RoleKeyFile = Environment.GetEnvironmentVariable("Portal__Database__RoleKeyFile") ?? "",
    KeyStoreDatabase = Environment.GetEnvironmentVariable("Portal__Database__KeyStoreDatabase") ?? "",
};
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };

var verb = args is [var one] ? one : "";
if (verb == "script")
{
    Console.WriteLine(Deployment.Script());
    return 0;
}
if (verb is not ("apply" or "list"))
{
    await Console.Error.WriteLineAsync("Say one of: apply | list | script");
    return 2;
}
if (options.ConnectionString.Length == 0 || (verb == "apply" && options.RoleKey.Length + options.RoleKeyFile.Length == 0))
{
    await Console.Error.WriteLineAsync("Set ConnectionStrings__Portal (an administrator's connection) and Portal__Database__RoleKeyFile.");
    return 2;
}
try
{
    var deployment = new Deployment(options, Console.Out);
    await (verb == "apply" ? deployment.ApplyAsync(stop.Token) : deployment.ListAsync(stop.Token));
    return 0;
}
catch (NpgsqlException e)
{
    await Console.Error.WriteLineAsync($"The database refused: {e.Message}");
    return 1;
}

using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Portal.Dispatch;

/// <summary>The places where a run of <c>./portal chaos kill-sender</c> lets the process die by its own hand, with SIGKILL.</summary>
internal sealed class FailPoint
{
    public const string BeforeClaim = "before-claim";
    public const string AfterClaim = "after-claim";
    public const string BeforeWrite = "before-write";
    public const string AfterWrite = "after-write";
    public const string BeforeOutcome = "before-outcome";

    public static readonly IReadOnlyList<string> All = [BeforeClaim, AfterClaim, BeforeWrite, AfterWrite, BeforeOutcome];

    private readonly string? _name;
    private int _left;

    public FailPoint(IOptions<DispatchOptions> options)
    {
        if (Read(options.Value.DieAt) is { } die)
            (_name, _left) = die;
    }

    /// <summary>Nothing, unless this point is the one to die at and it is passed for the last time that was asked for.</summary>
    public void Pass(string name)
    {
        if (name == _name && Interlocked.Decrement(ref _left) == 0)
            Process.GetCurrentProcess().Kill();
    }

    /// <summary>A point and how often it may be passed, <c>after-claim:3</c>; null when it is none.</summary>
    internal static (string Name, int Times)? Read(string text) =>
        text.Split(':') is [var name, var times] && All.Contains(name) && int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? (name, count)
            : null;
}

/// <summary>Only a development run may be told to die.</summary>
internal sealed class DieAtCheck(IHostEnvironment? host = null) : IValidateOptions<DispatchOptions>
{
    public ValidateOptionsResult Validate(string? name, DispatchOptions options) => options.DieAt switch
    {
        "" => ValidateOptionsResult.Success,
        _ when host?.IsDevelopment() != true => ValidateOptionsResult.Fail("Portal:Dispatch:DieAt is for development only."),
        _ when FailPoint.Read(options.DieAt) is null => ValidateOptionsResult.Fail($"Portal:Dispatch:DieAt is a point and a count, such as {FailPoint.AfterClaim}:3. Points: {string.Join(", ", FailPoint.All)}."),
        _ => ValidateOptionsResult.Success,
    };
}

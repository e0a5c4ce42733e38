using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;
using Portal.Dispatch;
using Portal.Web.Shell;

namespace Portal.Web.Tests;

/// <summary>
/// The base of every component test: MudBlazor's services, texts in both languages, a clock that stands still,
/// and script calls that answer nothing. Tests begin in English; <see cref="UseCulture"/> changes the language.
/// </summary>
public abstract class PortalContext : BunitContext, IAsyncLifetime
{
    /// <summary>Sunday 22 November 2026, 16:42 in Asia/Shanghai.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 42, 0, TimeSpan.Zero);

    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;

    protected PortalContext()
    {
        UseCulture("en");
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddTexts();
        Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        Services.AddSingleton<AskDispatchHold>(_ => Task.FromResult<DispatchHold?>(null));
        Services.AddSingleton<TimeProvider>(new StandingClock());
    }

    /// <summary>The language and the formats of what is rendered from now on: "en" or "zh-Hans".</summary>
    protected static void UseCulture(string name) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name);

    /// <summary>Plain text where a component takes a fragment.</summary>
    protected static RenderFragment Markup(string text) => builder => builder.AddContent(0, text);

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    // MudBlazor's services can only be disposed asynchronously, and xunit 2 calls Dispose first unless told
    async Task IAsyncLifetime.DisposeAsync()
    {
        await base.DisposeAsync();
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture, _uiCulture);
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

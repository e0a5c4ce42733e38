using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Contacts;

namespace Portal.Web.Contacts;

public sealed partial class UploadForm : IAsyncDisposable
{
    private readonly Lazy<DotNetObjectReference<UploadForm>> _self;
    private ElementReference _input;
    private IJSObjectReference? _script;
    private IJSObjectReference? _upload;
    private int? _percent;
    private bool _stopped;
    private IReadOnlyList<Problem> _problems = [];

    public UploadForm() => _self = new(() => DotNetObjectReference.Create(this));

    [Inject] private IStringLocalizer<ContactsText> L { get; set; } = default!;

    [Inject] private IJSRuntime Script { get; set; } = default!;

    /// <summary>Where the file goes: <see cref="ContactsEndpoints"/>.</summary>
    [Parameter, EditorRequired] public string Address { get; set; } = "";

    /// <summary>The import that the file became.</summary>
    [Parameter] public EventCallback<Guid> OnUploaded { get; set; }

    [JSInvokable]
    public Task ProgressAsync(int percent) => ShowAsync(() => _percent = percent);

    [JSInvokable]
    public async Task UploadedAsync(Guid import)
    {
        await ShowAsync(() => _percent = 100);
        await InvokeAsync(() => OnUploaded.InvokeAsync(import));
    }

    /// <summary>The upload ended without an import.</summary>
    /// <param name="codes">Keys of the sentences; empty when the person stopped it.</param>
    [JSInvokable]
    public Task EndedAsync(string[] codes) => ShowAsync(() =>
    {
        (_percent, _stopped) = (null, codes.Length == 0);
        _problems = [.. codes.Select(c => new Problem("File", c, StartImport.MostBytes / 1024 / 1024))];
    });

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_upload is not null)
                await _upload.DisposeAsync();
            if (_script is not null)
                await _script.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // the page is gone, and the script with it
        }
        if (_self.IsValueCreated)
            _self.Value.Dispose();
    }

    private async Task StartAsync()
    {
        if (_percent is not null)
            return;
        (_percent, _stopped, _problems) = (0, false, []);
        _script ??= await Script.InvokeAsync<IJSObjectReference>("import", "./" + Assets["upload.js"]);
        _upload = await _script.InvokeAsync<IJSObjectReference>("start", _input, Address, StartImport.MostBytes, _self.Value);
    }

    private async Task StopAsync()
    {
        if (_upload is not null)
            await _upload.InvokeVoidAsync("stop");
    }

    private Task ShowAsync(Action change) => InvokeAsync(() =>
    {
        change();
        StateHasChanged();
    });
}

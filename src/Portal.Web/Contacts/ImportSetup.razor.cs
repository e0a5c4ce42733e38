using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contacts;

namespace Portal.Web.Contacts;

public sealed partial class ImportSetup
{
    [Inject] private IStringLocalizer<ContactsText> L { get; set; } = default!;

    [Parameter, EditorRequired] public ImportPreview Preview { get; set; } = default!;

    [Parameter, EditorRequired] public ImportDraft Draft { get; set; } = default!;

    [Parameter] public IReadOnlyList<ListRow> Lists { get; set; } = [];

    [Parameter] public IReadOnlyList<Problem> Problems { get; set; } = [];

    /// <summary>The tenant's own country.</summary>
    [Parameter] public string Own { get; set; } = "";

    /// <summary>The file is being read again. The buttons stay: a press counts, and waits for the reading to end.</summary>
    [Parameter] public bool Reading { get; set; }

    /// <summary>The import begins.</summary>
    [Parameter] public bool Busy { get; set; }

    /// <summary>The draft changed so that the file must be read again; true: its columns are others.</summary>
    [Parameter] public EventCallback<bool> OnReread { get; set; }

    [Parameter] public EventCallback OnRun { get; set; }

    [Parameter] public EventCallback OnDiscard { get; set; }

    // Said before anybody presses the button: it is the mistake that most files have.
    private string? RegionError => L.Error(Problems, "Region")
        ?? (Draft.Region is null && Preview.Check.NoCountry > 0 ? L["Problem_numbers_no_country", Preview.Check.NoCountry] : (string?)null);

    private static string Name(char delimiter) => delimiter switch { ';' => "Semicolon", '\t' => "Tab", _ => "Comma" };

    private Task ChooseRegionAsync(string? region)
    {
        Draft.Region = region;
        return OnReread.InvokeAsync(false);
    }

    private Task ChooseDelimiterAsync(ChangeEventArgs e)
    {
        Draft.Delimiter = CsvLayout.Delimiters.FirstOrDefault(d => Name(d) == e.Value as string, Draft.Delimiter);
        return OnReread.InvokeAsync(true);
    }

    private Task ChooseHeaderAsync(ChangeEventArgs e)
    {
        Draft.HasHeader = e.Value is true;
        return OnReread.InvokeAsync(true);
    }

    private void ChooseList(ChangeEventArgs e) => Draft.ListId = Guid.TryParse(e.Value as string, out var id) ? id : null;
}

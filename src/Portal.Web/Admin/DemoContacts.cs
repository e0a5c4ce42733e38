using System.Globalization;
using System.Text;
using Portal.Contacts;
using Portal.Tenants;

namespace Portal.Web.Admin;

/// <summary>The demo's list: 200 people with a number and a name, imported as anybody would.</summary>
internal sealed class DemoContacts(Lists lists, PasteNumbers paste, PreviewImport preview, RunImport run)
{
    private const string ListName = "Members";
    private const int People = 200;

    private static readonly string[] _families = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周"];
    private static readonly string[] _given = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "霞", "平", "刚", "桂英"];

    public async Task MakeAsync(Member owner, CancellationToken ct)
    {
        if ((await lists.RunAsync(owner, ct)).Any(l => l.Name == ListName))
            return;
        var import = (await paste.RunAsync(owner, new(Csv()), ct)).Value;
        var seen = (await preview.RunAsync(owner, new(import, "CN"), ct)).Value;
        var mapping = new ImportMapping(0, [null, "name"]);
        var result = await run.RunAsync(owner, new(import, seen.Layout, mapping, ListId: null, ListName, "CN"), ct);
        if (!result.Ok)
            throw new InvalidOperationException($"The demo's contacts were refused: {result.Problems[0].Code}.");
    }

    private static string Csv()
    {
        var text = new StringBuilder("number,name\n");
        for (var i = 0; i < People; i++)
            text.Append(CultureInfo.InvariantCulture, $"+86138{i * 37:D8},{_families[i % _families.Length]}{_given[i / _families.Length]}\n");
        return text.ToString();
    }
}

using System.Globalization;
using System.Reflection;
using System.Resources;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Audit;
using Portal.Web.Audit;

namespace Portal.Web.Tests.Audit;

public sealed class AuditTextTests : PortalContext
{
    private static readonly ResourceManager _texts = new(typeof(AuditText).FullName!, typeof(AuditText).Assembly);

    private static IEnumerable<string> Actions =>
        typeof(AuditActions).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);

    [Fact]
    public void Every_action_has_a_sentence_and_one_topic() => Assert.All(Actions, action =>
    {
        foreach (var culture in (string[])["", "zh-Hans"])
            Assert.NotNull(_texts.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false)!.GetString("Did_" + action));
        Assert.Single(AuditTopics.All, topic => AuditTopics.ActionsOf(topic).Contains(action));
    });

    [Theory]
    [InlineData("en", "Limit, messages a day: 1,000 → nothing", "Olive", "operator", "console")]
    [InlineData("zh-Hans", "限额，每日短信条数：1,000 → 无", "Olive", "运营人员", "控制台")]
    public void An_entry_says_what_changed_from_what_to_what(string culture, string sentence, string who, string mark, string where)
    {
        UseCulture(culture);
        Services.AddScoped<AuditSentence>();
        var row = new AuditRow(Guid.NewGuid(), Now, "Olive", true, "console", "0a1b2c3d", AuditActions.LimitsChanged, ["Olive", "", "day_messages", "1000", ""], null);

        var table = Render<AuditTable>(p => p.Add(t => t.Rows, [row]).Add(t => t.Zone, "Asia/Shanghai"));

        foreach (var text in (string[])[sentence, who, mark, where, "0a1b2c3d"])
            Assert.Contains(text, table.Find("tbody").TextContent, StringComparison.Ordinal);
    }
}

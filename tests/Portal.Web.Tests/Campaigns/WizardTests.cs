using AngleSharp.Dom;
using Bunit;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Contacts;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

public sealed class WizardTests : PortalContext
{
    private static readonly Guid _list = Guid.NewGuid();
    private static readonly AccountLine _account = new(Guid.NewGuid(), "Lantern CN", AccountKind.Both, "sms.example.test", AccountState.Active, null, 100, 100);

    [Theory]
    [InlineData("en", "Name", "name_empty", "Give it a name.")]
    [InlineData("zh-Hans", "Name", "name_empty", "请填写名称。")]
    [InlineData("en", "AccountId", "account_missing", "Choose the account that sends.")]
    [InlineData("zh-Hans", "AccountId", "account_missing", "请选择发送账号。")]
    public void A_mistake_of_the_audience_stands_at_its_field(string culture, string field, string code, string sentence)
    {
        UseCulture(culture);
        var input = Audience(problems: [new Problem(field, code)]).Find($"[name={field}]");
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Contains(sentence, ErrorOf(input), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Choose at least one list.")]
    [InlineData("zh-Hans", "请至少选择一个列表。")]
    public void A_missing_list_is_said_at_the_lists(string culture, string sentence)
    {
        UseCulture(culture);
        Assert.Contains(sentence, Audience(problems: [new Problem("ListIds", "lists_missing")]).Find("fieldset .field-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_chosen_and_given_back()
    {
        var (model, changes) = (Samples.Draft(), 0);
        var step = Audience(model, onChanged: () => changes++);
        step.Find("[name=List]").Change(true);
        Assert.Equal([_list], model.Lists);
        step.Find("[name=List]").Change(false);
        Assert.Empty(model.Lists);
        step.Find("[name=AccountId]").Change(_account.Id.ToString());
        Assert.Equal((_account.Id, 3), (model.AccountId, changes));
    }

    [Fact]
    public void Only_accounts_that_may_send_campaigns_are_offered_and_a_stopped_one_says_so()
    {
        var step = Audience(accounts: [_account, _account with { Id = Guid.NewGuid(), Label = "Codes", Kind = AccountKind.Verification },
            _account with { Id = Guid.NewGuid(), Label = "Lantern SEA", State = AccountState.Stopped, StoppedCode = "204" }]);
        Assert.Equal(["Choose an account", "Lantern CN", "Lantern SEA (Stopped)"], step.FindAll("option").Select(o => o.TextContent.Trim()));
    }

    [Fact]
    public void Without_lists_or_accounts_the_way_to_make_one_is_shown()
    {
        var step = Render<AudienceStep>(p => p.Add(s => s.Model, Samples.Draft()).Add(s => s.Lists, []).Add(s => s.AccountLines, []).Add(s => s.BaseHref, "/t/x"));
        Assert.Equal(["/t/x/contacts", "/t/x/accounts/new"], step.FindAll("a").Select(a => a.GetAttribute("href")));
    }

    [Theory]
    [InlineData("en", "Hello {{name", "template_unclosed", "The {{ at character 7 has no }} after it.")]
    [InlineData("zh-Hans", "Hello {{name", "template_unclosed", "第 7 个字符处的 {{ 后面没有对应的 }}。")]
    [InlineData("en", " ", "text_empty", "Write a text.")]
    [InlineData("zh-Hans", " ", "text_empty", "请填写文本。")]
    public void A_mistake_of_the_text_stands_at_it(string culture, string text, string code, string sentence)
    {
        UseCulture(culture);
        var model = Samples.Draft();
        model.Text = text;
        var problem = Assert.Single(model.Check(WizardStep.Text, [], Now));
        Assert.Equal(code, problem.Code);
        Assert.Contains(sentence, ErrorOf(Text(model, problems: [problem]).Find("[name=Text]")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Tea", "3 of the default alphabet, 1 segment")]
    [InlineData("zh-Hans", "Tea", "默认字符集 3 个单位，1 条计费")]
    [InlineData("en", "茶", "1 character of 16 bits, 1 segment")]
    public void The_text_says_what_it_costs(string culture, string text, string cost)
    {
        UseCulture(culture);
        var model = Samples.Draft();
        model.Text = text;
        Assert.Equal(cost, Text(model).Find(".cost").TextContent);
    }

    [Fact]
    public void Characters_that_make_it_dearer_are_named()
    {
        var model = Samples.Draft();
        model.Text = "Tasting – “free”";
        Assert.Contains("– “ ”", Text(model).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_is_put_in_and_one_that_somebody_lacks_is_told()
    {
        var model = Samples.Draft();
        var step = Text(model, new FieldsOfLists(10, [new("city", 10), new("name", 8)]));
        step.Find("[aria-label='Insert the field name']").Click();
        Assert.EndsWith("{{name}}", model.Text, StringComparison.Ordinal);
        Assert.Contains("2 of 10 people have no name", step.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("have no city", step.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_nobody_has_is_a_warning()
    {
        var model = Samples.Draft();
        model.Text = "Hello {{nmae}}";
        Assert.Contains("Nobody on the chosen lists has a field nmae.", Text(model).Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_preview_shows_texts_and_who_gets_nothing()
    {
        var step = Render<TextStep>(p => p.Add(s => s.Model, Samples.Draft())
            .Add(s => s.Previews, [new("+86 139 •••• 0001", "Hello Li", 1, []), new("+86 139 •••• 0002", null, 0, ["name", "city"])]));
        Assert.Equal("Hello Li", step.Find(".sms").TextContent);
        Assert.Contains("Gets nothing: lacks name, city", step.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "2026-11-22T16:41", "This is over: in Asia/Shanghai it is 2026-11-22 16:42 now.")]
    [InlineData("zh-Hans", "2026-11-22T16:41", "这个时间已过：Asia/Shanghai 现在是 2026-11-22 16:42。")]
    [InlineData("en", "", "Choose a day and a time.")]
    [InlineData("zh-Hans", "", "请选择日期和时间。")]
    public void A_time_that_cannot_be_stands_at_its_field_with_the_reason(string culture, string planned, string sentence)
    {
        UseCulture(culture);
        var model = Samples.Draft();
        (model.Later, model.PlannedAt) = (true, planned);
        Assert.Equal(sentence, ErrorOf(Time(model, model.Check(WizardStep.Time, [], Now)).Find("[name=PlannedAt]")).Replace("✕ ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_time_in_a_gap_names_the_next_and_one_that_repeats_is_explained()
    {
        var gap = new DraftModel { Id = Samples.Id, TimeZone = "Europe/Berlin", Later = true, PlannedAt = "2027-03-28T02:30" };
        Assert.Contains("The next that exists is 2027-03-28 03:00.", ErrorOf(Time(gap, gap.Check(WizardStep.Time, [], Now)).Find("[name=PlannedAt]")), StringComparison.Ordinal);
        var twice = new DraftModel { Id = Samples.Id, TimeZone = "Europe/Berlin", Later = true, PlannedAt = "2027-10-31T02:30" };
        Assert.Contains("this time comes twice", Time(twice).Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_is_asked_for_only_when_it_is_to_go_out_later()
    {
        var model = Samples.Draft();
        var step = Time(model);
        Assert.Empty(step.FindAll("[name=PlannedAt]"));
        step.Find("[value=later]").Change("later");
        step.Find("[name=PlannedAt]").Change("2026-12-01T10:00");
        Assert.Equal(new DateTime(2026, 12, 1, 10, 0, 0), model.Input().PlannedAt);
        step.Find("[value=now]").Change("now");
        // The time typed before stays in the form, and is not kept as the plan.
        Assert.Equal(("2026-12-01T10:00", (DateTime?)null), (model.PlannedAt, model.Input().PlannedAt));
    }

    [Fact]
    public void The_step_one_is_at_is_marked()
    {
        var steps = Render<StepList>(p => p.Add(s => s.Current, WizardStep.Text).Add(s => s.Address, Samples.StepAddress));
        Assert.Equal("/edit?step=Text", steps.Find("[aria-current=step]").GetAttribute("href"));
        Assert.Equal(4, steps.FindAll("li").Count);
    }

    private IRenderedComponent<AudienceStep> Audience(
        DraftModel? model = null, IReadOnlyList<AccountLine>? accounts = null, IReadOnlyList<Problem>? problems = null, Action? onChanged = null) =>
        Render<AudienceStep>(p => p.Add(s => s.Model, model ?? Samples.Draft()).Add(s => s.Lists, [new ListRow(_list, "Members", 200, 3, Now)])
            .Add(s => s.AccountLines, accounts ?? [_account]).Add(s => s.Problems, problems ?? []).Add(s => s.OnChanged, onChanged ?? (() => { })));

    private IRenderedComponent<TextStep> Text(DraftModel model, FieldsOfLists? fields = null, IReadOnlyList<Problem>? problems = null) =>
        Render<TextStep>(p => p.Add(s => s.Model, model).Add(s => s.Fields, fields ?? new(0, [])).Add(s => s.Problems, problems ?? []));

    private IRenderedComponent<TimeStep> Time(DraftModel model, IReadOnlyList<Problem>? problems = null) =>
        Render<TimeStep>(p => p.Add(s => s.Model, model).Add(s => s.Problems, problems ?? []));

    private static string ErrorOf(IElement input) => input.ParentElement!.QuerySelector(".field-error")!.TextContent;
}

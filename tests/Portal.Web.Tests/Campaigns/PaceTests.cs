using AngleSharp.Dom;
using Bunit;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

public sealed class PaceTests : PortalContext
{
    [Fact]
    public void Full_speed_asks_for_nothing()
    {
        var fields = Fields(Samples.Draft());
        Assert.Equal("Full", fields.FindAll("[name=Pace]").Single(r => r.HasAttribute("checked")).GetAttribute("value"));
        Assert.Empty(fields.FindAll(".field"));
        Assert.Equal(CampaignPace.Full, Samples.Draft().Input().Pace);
    }

    [Fact]
    public void Spread_over_some_time_is_given_in_hours_and_minutes()
    {
        var (model, changes) = (Samples.Draft(), 0);
        var fields = Fields(model, onChanged: () => changes++);
        fields.Find("[value=Spread]").Change("Spread");
        fields.Find("[name=SpreadHours]").Change("2");
        fields.Find("[name=SpreadMinutes]").Change("30");
        Assert.Equal((150, 3), (model.Input().Pace.SpreadMinutes, changes));
    }

    [Fact]
    public void The_first_people_are_given_with_their_share_and_time()
    {
        var model = Samples.Draft();
        var fields = Fields(model);
        fields.Find("[name=Canary]").Change(true);
        fields.Find("[name=CanaryPeople]").Change("250");
        fields.Find("[name=CanaryPercent]").Change("90");
        fields.Find("[name=CanaryMinutes]").Change("5");
        Assert.Equal(new SendingCanary(250, 90, 5), model.Input().Pace.Canary);
    }

    [Theory]
    [InlineData("1 %", 12_345, "124")]
    [InlineData("0.5%", 12_345, "62")]
    [InlineData("1％", 40, "1")]
    [InlineData("100 %", 7, "7")]
    [InlineData("101 %", 12_345, "101 %")]
    [InlineData("some %", 12_345, "some %")]
    [InlineData("1 %", 0, "1 %")]
    [InlineData("250", 12_345, "250")]
    public void A_share_of_the_people_on_the_lists_becomes_a_number_of_them(string typed, long people, string kept)
    {
        var model = Samples.Draft();
        model.Canary = true;
        var fields = Fields(model, people: people);
        fields.Find("[name=CanaryPeople]").Change(typed);
        Assert.Equal(kept, fields.Find("[name=CanaryPeople]").GetAttribute("value"));
        Assert.Equal(kept, model.CanaryPeople);
        Assert.Equal(people > 0, fields.Markup.Contains($"There are {people:N0} people on the lists.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en", PaceChoice.Spread, "SpreadHours", "This must be between 1 minute and 168 hours.")]
    [InlineData("zh-Hans", PaceChoice.Spread, "SpreadHours", "必须在 1 分钟到 168 小时之间。")]
    [InlineData("en", PaceChoice.FinishBy, "FinishBy", "Choose a day and a time.")]
    [InlineData("zh-Hans", PaceChoice.FinishBy, "FinishBy", "请选择日期和时间。")]
    public void A_mistake_stands_at_its_field_and_nothing_typed_is_lost(string culture, PaceChoice pace, string field, string sentence)
    {
        UseCulture(culture);
        var model = Samples.Draft();
        (model.Pace, model.SpreadHours, model.SpreadMinutes, model.FinishBy) = (pace, "many", "0", "");
        var input = Fields(model, model.Check(WizardStep.Time, [], Now)).Find($"[name={field}]");
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Contains(sentence, ErrorOf(input), StringComparison.Ordinal);
        Assert.Equal("many", model.SpreadHours);
    }

    [Theory]
    [InlineData("CanaryPeople", "0")]
    [InlineData("CanaryPercent", "101")]
    [InlineData("CanaryMinutes", "soon")]
    public void Figures_of_the_first_people_out_of_range_are_said_at_their_field(string field, string typed)
    {
        var model = Samples.Draft();
        model.Canary = true;
        Fields(model).Find($"[name={field}]").Change(typed);
        var problem = Assert.Single(model.Check(WizardStep.Time, [], Now));
        Assert.Equal((field, "canary_range"), (problem.Field, problem.Code));
        Assert.Contains("This must be a number from", ErrorOf(Fields(model, [problem]).Find($"[name={field}]")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_before_the_start_is_refused()
    {
        var model = Samples.Draft();
        (model.Pace, model.FinishBy) = (PaceChoice.FinishBy, "2020-01-01T09:00");
        Assert.Equal("finish_early", Assert.Single(model.Check(WizardStep.Time, [], Now)).Code);
    }

    [Theory]
    [InlineData("en", "The first 100 people go alone: 62 delivered so far", "Only 62 of the first 100 were delivered")]
    [InlineData("zh-Hans", "首批 100 人先行：目前已送达 62 人", "首批 100 人中只有 62 人收到")]
    public void A_running_campaign_says_what_became_of_its_first_people(string culture, string waiting, string failed)
    {
        UseCulture(culture);
        var view = Samples.View(CampaignStatus.Running) with
        {
            Canary = new SendingCanary(100, 80, 15),
            Line = Samples.Line(CampaignStatus.Running, outcome: Samples.Outcome with { Delivered = 62 }),
        };
        Assert.Equal(waiting, Notices(view).Find("b").TextContent);
        var paused = view with { PausedByCanary = true, Line = view.Line with { Status = CampaignStatus.Paused } };
        Assert.Equal(failed, Notices(paused).Find("b").TextContent);
        Assert.Empty(Notices(view with { CanaryPassed = true }).FindAll(".notice"));
    }

    [Theory]
    [InlineData("en", "cannot be done by")]
    [InlineData("zh-Hans", "无法在")]
    public void The_review_says_when_the_account_is_too_slow_for_the_time_asked_for(string culture, string words)
    {
        UseCulture(culture);
        var review = Samples.Review() with { TooSlowFor = Now.AddSeconds(31), Canary = new SendingCanary(100, 80, 15) };
        var step = Render<ReviewStep>(p => p.Add(s => s.Model, Samples.Draft()).Add(s => s.Review, review).Add(s => s.Address, Samples.StepAddress));
        Assert.Contains(words, step.Markup, StringComparison.Ordinal);
        Assert.Contains(culture == "en" ? "The first 100 people go alone." : "首批 100 人先行。", step.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<PaceFields> Fields(DraftModel model, IReadOnlyList<Problem>? problems = null, Action? onChanged = null, long people = 0) =>
        Render<PaceFields>(p => p.Add(f => f.Model, model).Add(f => f.People, people).Add(f => f.Problems, problems ?? []).Add(f => f.OnChanged, () => onChanged?.Invoke()));

    private IRenderedComponent<CampaignNotices> Notices(CampaignView view) => Render<CampaignNotices>(p => p.Add(n => n.View, view));

    private static string ErrorOf(IElement input) => input.ParentElement!.QuerySelector(".field-error")!.TextContent;
}

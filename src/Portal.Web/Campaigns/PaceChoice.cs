namespace Portal.Web.Campaigns;

/// <summary>How fast a campaign goes out, as it is chosen in the wizard.</summary>
public enum PaceChoice { Full, Spread, FinishBy }

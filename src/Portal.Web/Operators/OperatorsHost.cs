namespace Portal.Web.Operators;

internal static class OperatorsHost
{
    public static IServiceCollection AddOperatorPages(this IServiceCollection services) => services.AddScoped<CurrentOperator>();
}

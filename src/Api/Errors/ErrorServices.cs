namespace AX2Caption.Api.Errors;

internal static class ErrorServices
{
    public static void AddErrors(this IServiceCollection services)
    {
        services.AddExceptionHandler<ExceptionErrors>();
        // Without this a body that does not bind would be a bare status, its reason lost.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(StatusErrors.Answer);
    }
}

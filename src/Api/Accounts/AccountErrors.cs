using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Accounts;

internal static class AccountErrors
{
    public static ErrorResult NotFound => ErrorTable.AccountNotFound.Because("There is no account of this id.");
}
